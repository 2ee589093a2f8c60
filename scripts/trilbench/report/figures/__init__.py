"""The figures of a run: specifications in Vega-Lite, from which the page and the files are made."""
