"""`cowrite serve` with the stand-in for the model: its script first, then the words of the command."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from fake_host import fake_command

import cowrite.catalog
from cowrite.cli.main import main
from cowrite.engine.protocol import EngineOptions
from cowrite.session import found_model

if __name__ == "__main__":
    options = EngineOptions(command=fake_command(**json.loads(sys.argv[1])))
    found_model.engine_options_from = lambda *_: options  # type: ignore[assignment]
    toy = SimpleNamespace(
        name="toy", path=Path("/toy"), sha256="00ff", base=True, card=None,
        facts=SimpleNamespace(quantisation=""),
    )  # fmt: skip
    cowrite.catalog.resolve = lambda *_, **__: toy  # type: ignore[assignment]
    sys.exit(main(["serve", *sys.argv[2:]]))
