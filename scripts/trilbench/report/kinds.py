"""The kinds of figures that scripts/plot draws."""

FIGURES = ("share", "time", "limit", "speedup", "winner", "roofline", "threads", "samples", "bandwidth")
COMPARISON_FIGURE = "comparison"  # the only one of a comparison's folder
HISTORY_FIGURE = "history"  # of the runs before this one: drawn if it is asked for by name
