"""scripts/bench: what is measured, in which order, and for how long."""
