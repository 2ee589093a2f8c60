"""Running the benchmark binaries."""
