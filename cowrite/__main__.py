"""`python -m cowrite` is the same program as `cowrite`."""

from cowrite.cli.main import run

run()
