"""Making the machine ready: the virtual environment, the libraries, the build."""
