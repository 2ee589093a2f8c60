"""Data to text: no decisions."""
