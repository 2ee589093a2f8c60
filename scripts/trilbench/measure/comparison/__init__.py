"""Two builds measured in turn, in fresh processes."""
