"""scripts/compare: two builds in turn, or runs, and what may be said of their difference."""
