"""What was asked, listed and measured: immutable data and its files."""
