"""A command line in a process of its own, with the stand-in for the model: `run_command.py SCRIPT WORD ...`.

The script is the stand-in's. Nothing that it does is taken for a hang.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from unittest import mock

from fake_host import fake_command

from cowrite.cli.main import main
from cowrite.engine.protocol import EngineOptions, ModelFile
from cowrite.session.found_model import FoundModel


def run() -> int:
    options = EngineOptions(command=fake_command(**json.loads(sys.argv[1])), hang_seconds=3600.0)
    found = FoundModel(ModelFile("stand-in", Path("/nowhere/stand-in.gguf"), "0" * 64), options)
    with mock.patch("cowrite.session.found_model.find_model", return_value=found):
        return main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(run())
