"""The scripts' package: commands -> measure, render -> compute -> model; setup and host stand aside."""
