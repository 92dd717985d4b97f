"""Sentence ends of a book: does a candidate that writes the book end where its sentence ends?

    python tests/bench/ends.py BOOK [BOOK ...] [--count 500] [--show 20] [--json]

Ends are drawn at random; the book's own words are streamed, letter by letter, from a word of the sentence
on. Where sentences end is decided by a rule of its own, which shares nothing with what is measured:

- the end of a paragraph;
- else a full stop, question or exclamation mark or ellipsis, with the quotes and brackets that close behind it,
  before white space and a capital (behind opening quotes or brackets), but for
  - what stands behind `Mr.` and the like (the list of the books' own: TITLES), a single capital, or a number
    that begins its paragraph;
  - a quotation that ends in `!` or `?`, with a capitalised name (one to four words, but no pronoun) and a verb
    of saying behind it: any word that ends in -ed, or `said`;
- likewise a dash that ends a quotation.

All places where the rule and the program differ are printed with --show, to be judged by eye.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import Any

from cowrite.core.suggestion import StopAt
from cowrite.engine.generation.stopping import Stopping

TITLES = {"Mr", "Mrs", "Ms", "Dr", "St", "Prof", "Messrs", "Esq", "Capt", "Gen", "Rev", "Hon"}
_END = re.compile(
    r"(?:[.!?\u2026]+[\u201d\u2019\"')\]_]*|(?:\u2014|--)[\u201d\u2019\"]+)(?=\s+[\u201c\u2018\"'(\[_\u2014]*[A-Z\u00c0-\u00de])"
)
_SAID = re.compile(r"\s+(?:[A-Z][\w\u2019'-]*\.?\s+){1,4}(?:said|\w+ed)\b")
_PRONOUN = re.compile(r"\s+(?:He|She|It|They|We|You|The|A|This|That|There|Then)\b")


def ends_of(paragraph: str) -> list[int]:
    """The sentence ends of a paragraph by the rule above."""
    out: list[int] = []
    for match in _END.finditer(paragraph):
        word = re.search(r"[\w.]*\Z", paragraph[: match.start()])
        last = word.group() if word else ""
        plain = match.group() == "."
        if plain and (last in TITLES or (re.fullmatch(r"(?:[A-Z]\.)*[A-Z]", last) and last != "I")):
            continue
        if plain and re.fullmatch(r"\s*(?:\d+|[A-Z])", paragraph[: match.start()]):
            continue
        quoted = match.group()[-1] in "\u201d\u2019\"'" and match.group()[0] != "."
        behind = paragraph[match.end() :]
        if quoted and _SAID.match(behind) and not _PRONOUN.match(behind):
            continue
        out.append(match.end())
    if not out or out[-1] < len(paragraph):
        out.append(len(paragraph))
    return out


def cut(before: str, coming: str) -> str:
    """What a candidate keeps that writes `coming` letter by letter."""
    rule = Stopping(before, "", StopAt.SENTENCE)
    for length in range(1, len(coming) + 1):
        verdict = rule.judge(coming[:length])
        if verdict is not None:
            return verdict.text
    return rule.finish(coming)


def measured(path: Path, count: int, seed: int) -> tuple[int, list[tuple[str, str, str]]]:
    """How many of the drawn ends are met, and the others: what stood before, what was right, what came."""
    book = path.read_text("utf-8").replace("\r\n", "\n")
    paragraphs = [p.replace("\n", " ").strip() for p in re.split(r"\n\s*\n", book)]
    found: list[tuple[int, int, int]] = []
    for number, paragraph in enumerate(paragraphs):
        start = 0
        for end in ends_of(paragraph) if len(paragraph) > 40 else []:
            found.append((number, start, end))
            start = end
    draw = random.Random(seed)
    right, wrong = 0, []
    for number, start, end in draw.sample(found, min(count, len(found))):
        paragraph = paragraphs[number]
        start += len(paragraph[start:end]) - len(paragraph[start:end].lstrip())
        spaces = [i for i in range(start, end) if paragraph[i] == " "]
        place = draw.choice([start, *spaces[:-1]])
        text = "\n\n".join([*paragraphs[max(0, number - 2) : number], paragraph])
        at = len(text) - len(paragraph)
        whole = text + "\n\n" + "\n\n".join(paragraphs[number + 1 : number + 2])
        got = cut(text[: at + place], whole[at + place : at + end + 120])
        if got == paragraph[place:end]:
            right += 1
        else:
            wrong.append((paragraph[start:place], paragraph[place:end], got))
    return right, wrong


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("books", type=Path, nargs="+")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=0)
    given = parser.parse_args()
    told: dict[str, Any] = {}
    for path in given.books:
        right, wrong = measured(path, given.count, given.seed)
        told[path.stem] = {"ends": right + len(wrong), "right": right}
        for before, gold, got in wrong[: given.show]:
            print(f"  {before[-40:]!r} + {gold!r}\n      came {got!r}")
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
