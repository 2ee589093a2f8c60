"""scripts/report and scripts/plot: pages and pictures of a folder that lies there, whatever it holds."""
