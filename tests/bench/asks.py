"""What comes of forty asks of all kinds, as a new user would make them: to be read, not to be counted.

    python tests/bench/asks.py [--model gemma|smollm2|PATH] [--kind WORDS]

The asks are in `asks.toml`. Each has a draft's name, so that its frame is the one that a window would give it.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from engine_here import EngineHere, opened

from cowrite.config import Settings
from cowrite.core.document import Document
from cowrite.core.seeds import place_seed
from cowrite.core.suggestion import Params
from cowrite.paths import Paths
from cowrite.session.asking_once import context_once

WINDOW = 4000
"""Characters of a draft that the model is shown."""


def answers(engine: EngineHere, ask: dict[str, Any], folder: Path) -> list[str]:
    """The candidates, in the order in which they are shown."""
    before = ask["before"]
    text = Document(before + ask.get("after", ""))
    paths = Paths(folder, folder, folder, folder)
    made = context_once(text, len(before), Settings(), paths, folder / ask["file"], WINDOW)
    done = engine.ask(made.context, Params(n=3, seed=place_seed(made.context)))
    return [candidate.text for candidate in done.candidates]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="gemma", help="gemma, smollm2 or a path")
    parser.add_argument("--kind", default="", help="those whose kind has these words")
    given = parser.parse_args()
    asks = tomllib.loads((Path(__file__).parent / "asks.toml").read_text("utf-8"))["ask"]
    with opened(given.model) as engine, tempfile.TemporaryDirectory() as folder:
        for ask in asks:
            if given.kind not in ask["kind"]:
                continue
            print(f"{ask['kind']}, {ask['file']}: …{ask['before'][-70:]!r}")
            if ask.get("after"):
                print(f"  before {ask['after'][:60]!r}")
            for text in answers(engine, ask, Path(folder)):
                print(f"  > {text!r}")


if __name__ == "__main__":
    main()
