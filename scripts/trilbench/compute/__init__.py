"""Pure computations: no files, no clock, no printing."""
