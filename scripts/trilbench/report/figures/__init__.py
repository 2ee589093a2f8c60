"""The figures of a run: SVG and PNG, light and dark, each with the CSV behind it.

Importing this package is cheap; Matplotlib comes with the first figure that is drawn."""

from trilbench.report.figures.make import Choice, Figure, make_figures

__all__ = ["Choice", "Figure", "make_figures"]
