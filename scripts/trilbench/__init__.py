"""The scripts' package: setup -> model -> compute -> render -> commands, imports one way only."""
