"""report.html: pages that open from the disk, without a network; their tables sort and filter where scripts run."""
