"""A history as text."""
