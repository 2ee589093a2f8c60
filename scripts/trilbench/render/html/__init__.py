"""report.html: one page that opens from the disk, without a network and without scripts."""
