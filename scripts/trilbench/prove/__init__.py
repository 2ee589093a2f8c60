"""scripts/prove: the suite measures what is known beforehand."""
