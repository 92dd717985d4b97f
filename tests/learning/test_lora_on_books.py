"""What an adapter brings on whole books, chapters in order, the last four held out.

COWRITE_BOOKS names their folder. Nats a character are those of the engine's own library, with its quantised
weights and the adapter's file.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import pytest
from real_models import NAMES, model_file

from cowrite.core.chapters import chapters
from cowrite.engine.llama.model import OUTPUTS, LlamaModel
from cowrite.learning import general
from cowrite.learning.job import Job
from cowrite.learning.training import train

pytest.importorskip("torch")

BOOKS = Path(os.environ.get("COWRITE_BOOKS", "."))
HELD_OUT, READ = 4, 1500
"""Chapters at the end, and tokens at the beginning of each that are judged by."""

LEAST = {"gemma": 0.045, "smollm2": 0.04}
MOST_HARM = 0.02


def parts_of(book: Path) -> list[str]:
    text = book.read_text(encoding="utf-8")
    return [text[one.start : one.end].strip() for one in chapters(text)]


def nats(name: str, texts: list[str], adapter: Path | None = None) -> float:
    """Nats a character over the beginnings of some texts."""
    llama = LlamaModel(model_file(name).path)
    try:
        llama.open(2048, 2)
        if adapter is not None:
            llama.set_adapter(adapter)
        found = [_nats(llama, text) for text in texts]
        return sum(cost for cost, _ in found) / sum(characters for _, characters in found)
    finally:
        llama.close()


def _nats(llama: LlamaModel, text: str) -> tuple[float, int]:
    tokens = llama.tokenize(text)[:READ]
    characters = len(b"".join(map(llama.piece, tokens)).decode("utf-8", "ignore"))
    tokens = [*([] if llama.start is None else [llama.start]), *tokens]
    llama.forget(0, 0)
    cost = 0.0
    for place in range(0, len(tokens), OUTPUTS):
        part = tokens[place : place + OUTPUTS]
        count = len(part)
        llama.decode(part, range(place, place + count), [0] * count, [True] * count)
        for index, following in enumerate(tokens[place + 1 : place + 1 + count]):
            row = llama.row(index)
            cost += float(row.max() + np.log(np.exp(row - row.max()).sum()) - row[following])
    return cost, characters


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.skipif("COWRITE_BOOKS" not in os.environ, reason="COWRITE_BOOKS names no folder")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("book", sorted(BOOKS.glob("*.txt")), ids=lambda path: path.stem)
def test_a_book_is_learned_and_other_prose_hardly_suffers(
    book: Path, name: str, tmp_path: Path
) -> None:
    parts = parts_of(book)
    job = Job(
        model=str(model_file(name).path),
        texts=tuple((str(number), text) for number, text in enumerate(parts[:-HELD_OUT])),
        general=general.replay(),
        folder=str(tmp_path),
        output=str(tmp_path / "out.gguf"),
        nice=0,
    )
    found = train(job, lambda _: None, threading.Event())
    assert found.tokens == found.total
    adapter = Path(found.path)
    held, other = parts[-HELD_OUT:], list(general.held_out())
    assert nats(name, held, adapter) <= (1 - LEAST[name]) * nats(name, held)
    assert nats(name, other, adapter) <= (1 + MOST_HARM) * nats(name, other)
