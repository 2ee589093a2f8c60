"""A comparison for people and for other tools."""
