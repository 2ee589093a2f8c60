"""scripts/history: runs that are kept, and where their times changed."""
