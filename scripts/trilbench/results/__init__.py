"""What was measured: names, units, and the files that hold it."""
