"""`cowrite proofread`: remarks on a draft's prose, and its grammar if that is asked for. It needs no model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cowrite.cli.texts import draft_path, given_text
from cowrite.errors import CowriteError, UsageError, nearest

if TYPE_CHECKING:
    from cowrite.core.document import Document
    from cowrite.prose.problems import Problem

GRAMMAR = "grammar"


def proofread(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The draft; - is standard input.")],
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="KINDS",
            help="Of these kinds alone: doubled, near, long, even, tense, name.",
        ),
    ] = None,
    grammar: Annotated[
        bool,
        typer.Option("--grammar", help="English grammar too, by the extra cowrite[grammar]."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """List what a second reader would point at, each with its line and column.

    Words that stand twice, rare ones near themselves, very long sentences, sentences all of one length, slips
    of tense (in English) and of names.
    """
    from cowrite.cli import output
    from cowrite.core.document import Document
    from cowrite.prose.proofreading import proofread as read

    kinds = _kinds(only)
    text = given_text(file, "proofread", "read")
    document = Document(text)
    found: list[dict[str, Any]] = [
        {"kind": one.kind.value, "range": [one.start, one.end], "says": one.says}
        for one in read(text)
        if one.kind.value in kinds
    ]
    if grammar:
        found += _grammar(document, file)
    found.sort(key=lambda one: one["range"])
    for one in found:
        line, column = document.locate(one["range"][0])
        one["line"], one["column"] = line + 1, column + 1
        one["text"] = text[one["range"][0] : one["range"][1]]
    if as_json:
        output.as_json({"file": file, "remarks": found})
        return
    for one in found:
        output.data(f"{one['line']}:{one['column']}  {one['kind']}  {one['says']}")
    if not found:
        output.note("There is nothing to remark on.")


def _kinds(only: str | None) -> set[str]:
    """The kinds that are wanted. Raises UsageError where one is none."""
    from cowrite.prose.remarks import Kind

    known = [kind.value for kind in Kind]
    if only is None:
        return set(known)
    wanted = {name.strip() for name in only.split(",")}
    for name in sorted(wanted - set(known)):
        near = nearest(name, known)
        hint = f"Did you mean '{near}'?" if near else f"There are: {', '.join(known)}."
        raise UsageError(f"There is no kind of remark '{name}'.", hint)
    return wanted


def _grammar(document: Document, file: str) -> list[dict[str, Any]]:
    """What is wrong by the grammar. Raises CowriteError without the extra, or where it fails."""
    from cowrite.cli.streams import counting
    from cowrite.config import load
    from cowrite.core.language import language_at
    from cowrite.core.reading import Reading
    from cowrite.paths import user_paths
    from cowrite.prose.grammar import EXTRA, Checker, is_there
    from cowrite.prose.passages import passages
    from cowrite.prose.searching import is_english, problems_in

    if not is_there():
        raise CowriteError("Grammar can't be checked: harper-py is not installed.", EXTRA)
    settings = load(user_paths(), draft_path(file)).grammar
    found = list(passages(document, Reading(document)))
    language = language_at(document, found[len(found) // 2].start if found else 0)
    if found and not any(is_english(one.passage.text, language) for one in found):
        raise CowriteError(
            f"Grammar is checked in English alone; this draft seems to be in '{language}'.",
            "Without --grammar the other remarks are made.",
        )
    out = []
    checker = Checker("american" if settings.english == "off" else settings.english)
    try:
        with counting("Paragraphs", quiet=len(found) < 20) as count:
            for number, one in enumerate(found, 1):
                out += [
                    _told(placed.start, placed.end, placed.problem)
                    for placed in problems_in(one, language, checker.check)
                    if placed.problem.rule not in settings.rules_off
                ]
                if count is not None:
                    count(number, len(found))
    finally:
        checker.close()
    return out


def _told(start: int, end: int, problem: Problem) -> dict[str, Any]:
    return {
        "kind": GRAMMAR,
        "range": [start, end],
        "says": problem.says,
        "rule": problem.rule,
        "fixes": list(problem.fixes),
    }
