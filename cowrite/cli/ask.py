"""`cowrite ask` and `cowrite summarise`: what stands in drafts, told by a model that has read it."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from cowrite.cli.instructor import Answer, Instructor, checked_words, instructor, not_done
from cowrite.cli.rewrite import Anyway, Model, Seed
from cowrite.cli.texts import draft_path, given_text
from cowrite.core import presets
from cowrite.core.document import one_line_end
from cowrite.core.pieces import grouped, relevant, within
from cowrite.core.segmentation import word_count
from cowrite.core.task import Task
from cowrite.errors import UsageError

SHOWN = 3000
"""Characters of the drafts that a question is asked about: more than a small model can use."""

READ = 2500
"""Characters that are summarised at once."""

MOST_WORDS = 1000

Json = Annotated[bool, typer.Option("--json", help="One JSON object, with the places it rests on.")]


def ask(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE... QUESTION", help="The drafts, and the question; - is standard input."
        ),
    ],
    seed: Seed = None,
    model: Model = None,
    as_json: Json = False,
    anyway: Anyway = False,
) -> None:
    """Ask a question about drafts, and print the answer.

    The model sees the paragraphs that the question is most likely about; --json names them. In a project, notes
    and lore are told too. It may be wrong: a small model often is.
    """
    from cowrite.config import load
    from cowrite.paths import user_paths

    *files, question = words
    if not files:
        raise UsageError(
            "There is nothing to ask about.", "cowrite ask draft.md 'Who has the key?'"
        )
    question = checked_words("The question", question)
    texts = {file: given_text(file, "ask", "read") for file in files}
    first = draft_path(files[0])
    settings = load(user_paths(), first, flags={"model.name": model})
    with instructor(settings, user_paths(), model, first, live=not as_json) as who:
        places = _places(question, texts, min(SHOWN, who.budget // 2))
        shown = "\n\n".join(one_line_end(texts[file][start:end]) for file, start, end in places)
        task = presets.question(question, shown, notes=who.notes(shown, question))
        (answer,) = who.answers(task, 1, seed, live=True)
        told = _told(texts, places)
        _print(who, answer, as_json, anyway or who.live, question=question, places=told)


def _places(question: str, texts: dict[str, str], most: int) -> list[tuple[str, int, int]]:
    """The paragraphs to show, of all drafts as if they were one."""
    together, starts = "", []
    for file, text in texts.items():
        starts.append((len(together), file))
        together += text + "\n\n"
    out = []
    for start, end in relevant(question, together, most):
        base, file = next(found for found in reversed(starts) if found[0] <= start)
        out.append((file, start - base, min(end - base, len(texts[file]))))
    if not out:
        raise UsageError("There is no prose to ask about.")
    return out


def _told(texts: dict[str, str], places: list[tuple[str, int, int]]) -> list[dict[str, Any]]:
    return [
        {"file": file, "range": [start, end], "line": texts[file].count("\n", 0, start) + 1}
        for file, start, end in places
    ]


def summarise(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="The drafts; - is standard input.")
    ] = None,
    words: Annotated[int, typer.Option("--words", metavar="N", help="The most words.")] = 60,
    seed: Seed = None,
    model: Model = None,
    as_json: Json = False,
    anyway: Anyway = False,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Keep one a chapter in the project's folder for summaries."),
    ] = False,
) -> None:
    """Say shortly what stands in drafts, together.

    A long text is read in parts, and what they came to is read again. With --keep, each chapter of the project
    (or those that are named) that has no summary, or has changed since, gets one; what you wrote stays.
    """
    from cowrite.config import load
    from cowrite.paths import user_paths

    if not 5 <= words <= MOST_WORDS:
        raise UsageError(f"--words must be 5 to {MOST_WORDS}, not {words}.", "The usual is 60.")
    if keep:
        _keep(files or [], words, seed, model, anyway=anyway, as_json=as_json)
        return
    if not files:
        raise UsageError("There is nothing to summarise.", "cowrite summarise draft.md")
    text = "\n\n".join(one_line_end(given_text(file, "summarise", "read")) for file in files)
    first = draft_path(files[0])
    settings = load(user_paths(), first, flags={"model.name": model})
    if not grouped(text, READ):
        raise UsageError("There is no prose to summarise.")
    with instructor(settings, user_paths(), model, first, live=not as_json) as who:
        answer = _summary(who, text, words, seed)
        _print(who, answer, as_json, anyway or who.live, words=words)


def _keep(
    files: list[str],
    words: int,
    seed: int | None,
    model: str | None,
    *,
    anyway: bool,
    as_json: bool,
) -> None:
    from cowrite.cli import output, summaries
    from cowrite.config import load
    from cowrite.paths import user_paths

    if as_json:
        raise UsageError("--keep and --json were given; one of them is enough.")
    project, named = summaries.project_of(files)
    chapters = summaries.wanted(project, named)
    if not chapters:
        output.note("All chapters have summaries that hold.")
        return
    settings = load(user_paths(), project.file, flags={"model.name": model})
    with instructor(settings, user_paths(), model, project.file, live=False) as who:
        summaries.keep(chapters, lambda text: _summary(who, text, words, seed), anyway=anyway)


def _summary(who: Instructor, text: str, words: int, seed: int | None) -> Answer:
    """Of each part, then of what these came to, until it is one part."""
    from cowrite.cli import output
    from cowrite.cli.streams import counting

    most = min(READ, who.budget // 2)
    while True:
        parts = grouped(text, most)
        said: list[Answer] = []
        with counting("Parts", quiet=len(parts) == 1) as count:
            for number, (start, end) in enumerate(parts, 1):
                live = len(parts) == 1
                said.append(_part(who, text[start:end], words, seed, live=live))
                if count is not None:
                    count(number, len(parts))
        if len(said) == 1:
            return said[0]
        good = [answer.text for answer in said if answer.good]
        if not good:
            if who.live:
                output.data(said[0].text)
            return said[0]
        shorter = "\n\n".join(good)
        if word_count(shorter) <= words or len(shorter) >= len(text):
            best = replace(said[0], text=within(shorter, words) or shorter, flaws=())
            if who.live:
                output.data(best.text)
            return best
        text = shorter


def _part(who: Instructor, text: str, words: int, seed: int | None, *, live: bool) -> Answer:
    def shortened(said: str) -> str:
        return within(said, words) or said if word_count(said) > words else said

    task = _summary_task(text, words, who)
    (answer,) = who.answers(task, 1, seed, live=live, shortened=shortened)
    return answer


def _summary_task(text: str, words: int, who: Instructor) -> Task:
    preset = presets.find("summarise")
    assert preset is not None
    made = presets.task(preset, text, notes=who.notes(text, ""))
    return replace(made, instruction=f"Summarise it in at most {words} words.")


def _print(who: Instructor, answer: Answer, as_json: bool, anyway: bool, **facts: Any) -> None:
    """Print an answer. Raises EngineError where it is no good."""
    from cowrite.cli import output

    if as_json:
        output.as_json({"model": who.told(), **facts, "answer": answer.told()})
    elif (answer.good or anyway) and not who.live:
        output.data(answer.text)
    if not answer.good:
        raise not_done(answer)
