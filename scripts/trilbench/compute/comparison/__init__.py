"""Two builds compared: from the rounds to a verdict for each benchmark, as pure functions of numbers."""
