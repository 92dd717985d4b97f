"""`cowrite new` and `cowrite context`: make a project, and see what the model is shown of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cowrite.cli.asking import AT, FILE, MODEL, Asking, asking
from cowrite.cli.instructor import checked_words

if TYPE_CHECKING:
    from cowrite.session.shown_rows import ShownRow


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The project's folder.")],
) -> None:
    """Make a project: a folder whose cowrite.toml names chapters, notes and lore.

    Texts that are in the folder become its chapters, and nothing is overwritten. The model is shown notes, lore
    and the other chapters' summaries when you write in it.
    """
    import shlex

    from cowrite.cli import output
    from cowrite.files.load import checked
    from cowrite.memory.making import make_project

    made = make_project(checked(folder))
    for path in made.made:
        output.data(str(path))
    output.note(f"Write: cowrite {shlex.quote(str(made.begin))}")


def context(
    file: Annotated[str, FILE],
    at: Annotated[int | None, AT] = None,
    instruction: Annotated[
        str,
        typer.Option("--instruction", help="What an instruction on the paragraph there would be."),
    ] = "",
    model: Annotated[str | None, MODEL] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show what the model sees at a place of a draft: each part with its tokens, where it is from and why.

    What could be there and is not comes last. Below stands the text exactly as it is sent. With --instruction
    it is what the model is told when Ctrl+K has it do that with the paragraph there.
    """
    from cowrite.session.shown_rows import draft_behind, shown_rows

    words = checked_words("--instruction", instruction) if instruction else ""
    with asking("context", file, at, model, words) as it:
        if words:
            _print_prompt(it, words, as_json=as_json)
            return
        answer, found = it.engine.weigh(it.asked.context, it.params)
        raw = draft_behind(it.document, answer.context)
        rows = shown_rows(answer.context, found, answer.tokens, it.asked.memory.items, raw)
        context = answer.context
        facts = {"prompt_tokens": answer.prompt_tokens, "unseen": answer.unseen}
        _print(it, rows, context.text, facts, {"after": context.after}, as_json=as_json)


def _print_prompt(it: Asking, words: str, *, as_json: bool) -> None:
    """What is sent for an instruction on the paragraph at the place."""
    from cowrite.core import presets
    from cowrite.core.pieces import paragraphs
    from cowrite.core.task import task_params
    from cowrite.session.instructions import TRIES
    from cowrite.session.shown_rows import said_rows
    from cowrite.session.tasks import Wish, made_task, naming_words

    at, memory = it.position, it.asked.memory
    spans = paragraphs(it.document.text)
    start, end = next((span for span in spans if span[0] <= at <= span[1]), (at, at))
    preset = presets.find(words, presets.all_presets(it.settings.presets))
    asked = words if preset is None else preset.instruction
    wish = Wish(asked, start, end, preset)

    def notes(near: str, asked: str) -> tuple[str, ...]:
        return memory.notes_for(near, it.window, asked)

    made = made_task(it.document, notes, wish, asked, (start, end))
    answer = it.engine.said(made.task, task_params(made.task, n=TRIES))
    items = memory.items_for(naming_words(made.task), it.window, made.task.instruction)
    text = "".join(part.text for part in answer.said)
    facts = {"prompt_tokens": answer.prompt_tokens}
    about = {"instruction": made.task.instruction, "passage": [made.start, made.end]}
    _print(it, said_rows(answer.said, items), text, facts, about, as_json=as_json)


def _print(
    it: Asking,
    rows: Sequence[ShownRow],
    text: str,
    sizes: dict[str, int],
    more: dict[str, Any],
    *,
    as_json: bool,
) -> None:
    from cowrite.cli import output

    if as_json:
        parts = [_told(row) for row in rows]
        about = {"model": it.model, "at": it.position}
        output.as_json({**about, **sizes, "parts": parts, "text": text, **more})
        return
    table = [(r.kind, str(r.tokens) if r.text else "-", r.source or _range(r), r.why) for r in rows]
    output.columns(table, ("part", "tokens", "source", "why it is in or out"))
    output.data(f"\n{sizes['prompt_tokens']} tokens in all, as they are sent:\n")
    output.data(text)


def _range(row: ShownRow) -> str:
    return "" if row.start is None else f"characters {row.start} to {row.end}"


def _told(row: ShownRow) -> dict[str, Any]:
    told = {
        "kind": row.kind,
        "source": row.source,
        "in": bool(row.text),
        "why": row.why,
        "tokens": row.tokens,
        "text": row.text,
    }
    return told if row.start is None else {**told, "start": row.start, "end": row.end}
