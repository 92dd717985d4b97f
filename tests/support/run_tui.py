"""The window with the stand-in for the model process: `run_tui.py FILE|- SCRIPT [SETTING=VALUE ...]`.

The script is the stand-in's; `hang_seconds`, and `command` and `model` for another process, may be in it too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fake_host import fake_command

from cowrite.config import load
from cowrite.engine.protocol import EngineOptions, ModelFile
from cowrite.errors import CowriteError
from cowrite.paths import user_paths
from cowrite.session.found_model import FoundModel
from cowrite.tui.app import run


def main() -> int:
    file = None if sys.argv[1] == "-" else Path(sys.argv[1])
    script = json.loads(sys.argv[2])
    flags = dict(argument.split("=", 1) for argument in sys.argv[3:])
    paths = user_paths()
    model = Path(script.pop("model", "/nowhere/stand-in.gguf"))
    hang = script.pop("hang_seconds", 30.0)
    command = tuple(script.pop("command", ())) or fake_command(**script)
    engine = FoundModel(
        ModelFile("stand-in", model, "0" * 64),
        EngineOptions(command=command, hang_seconds=hang),
    )
    try:
        return run(file, settings=load(paths, file, flags=flags), paths=paths, engine=engine)
    except CowriteError as error:
        print(error.message, error.hint, file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
