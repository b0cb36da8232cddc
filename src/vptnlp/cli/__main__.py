"""Runs the command line: ``python -m vptnlp.cli``."""

from vptnlp.cli import main

main()
