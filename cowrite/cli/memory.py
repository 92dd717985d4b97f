"""`cowrite new` and `cowrite context`: make a project, and see what the model is shown of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cowrite.cli.asking import AT, FILE, MODEL, asking

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
        str, typer.Option("--instruction", help="As if this were asked for; it may name lore.")
    ] = "",
    model: Annotated[str | None, MODEL] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show what the model sees at a place of a draft: each part with its tokens, where it is from and why.

    What could be there and is not comes last. Below stands the text exactly as it is sent.
    """
    from cowrite.cli import output
    from cowrite.session.shown_rows import draft_behind, shown_rows

    with asking("context", file, at, model, instruction) as it:
        answer, found = it.engine.weigh(it.asked.context, it.params)
        raw = draft_behind(it.document, answer.context)
        rows = shown_rows(answer.context, found, answer.tokens, it.asked.memory.items, raw)
        text = answer.context.text
        if as_json:
            output.as_json(
                {
                    "model": it.model,
                    "at": it.position,
                    "prompt_tokens": answer.prompt_tokens,
                    "unseen": answer.unseen,
                    "parts": [_told(row) for row in rows],
                    "text": text,
                    "after": answer.context.after,
                }
            )
            return
        table = [
            (r.kind, str(r.tokens) if r.text else "-", r.source or _range(r), r.why) for r in rows
        ]
        output.columns(table, ("part", "tokens", "source", "why it is in or out"))
        output.data(f"\n{answer.prompt_tokens} tokens in all, as they are sent:\n")
        output.data(text)


def _range(row: ShownRow) -> str:
    return f"characters {row.start} to {row.end}"


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
