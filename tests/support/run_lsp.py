"""The language server with the stand-in for the model process: `run_lsp.py SCRIPT [SETTING=VALUE ...]`.

The script is the stand-in's; `model`, a path, is a real model instead.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fake_host import fake_command

from cowrite.engine.protocol import EngineOptions, ModelFile
from cowrite.paths import user_paths
from cowrite.serve.lsp.running import run
from cowrite.session.found_model import FoundModel


def main() -> int:
    script = json.loads(sys.argv[1])
    flags: dict[str, object] = dict(argument.split("=", 1) for argument in sys.argv[2:])
    if "model" in script:
        engine = FoundModel(ModelFile("real", Path(script["model"]), "0" * 64), EngineOptions())
    else:
        model = ModelFile("stand-in", Path("/nowhere/stand-in.gguf"), "0" * 64)
        engine = FoundModel(model, EngineOptions(command=fake_command(**script)))
    return run(paths=user_paths(), flags=flags, engine=engine)


if __name__ == "__main__":
    sys.exit(main())
