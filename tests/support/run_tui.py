"""The window with the stand-in for the model process: `run_tui.py FILE|- SCRIPT [SETTING=VALUE ...]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fake_host import fake_command

from cowrite.config import load
from cowrite.engine.protocol import EngineOptions, ModelFile
from cowrite.errors import CowriteError
from cowrite.paths import user_paths
from cowrite.tui.app import run


def main() -> int:
    file = None if sys.argv[1] == "-" else Path(sys.argv[1])
    script = json.loads(sys.argv[2])
    flags = dict(argument.split("=", 1) for argument in sys.argv[3:])
    paths = user_paths()
    engine = (
        ModelFile("stand-in", Path("/nowhere/stand-in.gguf"), "0" * 64),
        EngineOptions(command=fake_command(**script)),
    )
    try:
        return run(file, settings=load(paths, file, flags=flags), paths=paths, engine=engine)
    except CowriteError as error:
        print(error.message, error.hint, file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
