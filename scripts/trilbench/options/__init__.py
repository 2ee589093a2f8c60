"""The command lines. Wrong use ends with one line and exit code 1."""
