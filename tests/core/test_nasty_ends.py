"""A hundred texts whose sentence ends are hard to see, and what a candidate makes of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.core.segmentation import sentence_end
from cowrite.core.suggestion import StopAt
from cowrite.engine.generation.stopping import Stopping

LINES = [
    line
    for line in Path(__file__).with_name("nasty_ends.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def parts_of(marked: str) -> tuple[str, list[int]]:
    """The text, and where its sentences end; the last one's end is the text's."""
    ends: list[int] = []
    text = ""
    for piece in marked.split("|"):
        text += piece
        ends.append(len(text))
    return text, sorted(set(ends))


def ends_of(text: str) -> list[int]:
    out, start = [], 0
    while (end := sentence_end(text, start, final=True)) is not None:
        out.append(end)
        start = end
    return out


def test_there_are_a_hundred() -> None:
    assert len(LINES) >= 100


@pytest.mark.parametrize("marked", LINES)
def test_each_is_cut_as_a_reader_cuts(marked: str) -> None:
    text, ends = parts_of(marked)
    assert ends_of(text) == ends


@pytest.mark.parametrize("marked", LINES)
def test_an_end_stays_whatever_follows(marked: str) -> None:
    text, _ = parts_of(marked)
    promised: int | None = None
    for length in range(len(text) + 1):
        end = sentence_end(text[:length])
        assert promised is None or end == promised, text[:length]
        promised = end


@pytest.mark.parametrize("marked", LINES)
def test_a_candidate_from_any_word_on_ends_there(marked: str) -> None:
    """Streamed letter by letter from each space on, it ends where its sentence ends and nowhere else."""
    text, ends = parts_of(marked)
    start = 0
    for end in ends[:-1]:
        body = start + len(text[start:end]) - len(text[start:end].lstrip())
        places = [body, *(i for i in range(body, end) if text[i] == " ")]
        for place in places:
            if not any(map(str.isalnum, text[place:end])):
                continue  # what has no word of its own goes on to the next sentence
            rule = Stopping(text[:place], "", StopAt.SENTENCE)
            for length in range(place, len(text) + 1):
                verdict = rule.judge(text[place:length])
                if verdict is not None:
                    break
            found = verdict.text if verdict is not None else rule.finish(text[place:])
            assert found == text[place:end], text[:place]
        start = end
