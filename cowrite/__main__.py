"""`python -m cowrite` is the same program as `cowrite`."""

from cowrite.cli.entry import run

run()
