"""What can be known of the machine, the build and the moment."""

UNKNOWN = "unknown"
