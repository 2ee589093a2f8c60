"""Tables, figures and pages of what was measured."""

# The kinds of figures that scripts/plot draws.
DEFAULT = ("time", "share", "winner", "roofline", "bandwidth")  # the last of the machine, the others of an operation
FIGURES = (*DEFAULT, "speedup", "threads", "samples")
COMPARISON_FIGURE = "comparison"  # the only one of a comparison's folder
HISTORY_FIGURE = "history"  # of the runs before this one: drawn if it is asked for by name
