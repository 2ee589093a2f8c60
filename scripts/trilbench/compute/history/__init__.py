"""What a history of runs says."""
