"""`cowrite weigh`: how much each sentence of what the model saw counted for a suggestion."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cowrite.cli.asking import AT, FILE, MODEL, Asking, asking
from cowrite.errors import EngineError, UsageError

if TYPE_CHECKING:
    from cowrite.engine.weigh import Weighed
    from cowrite.session.shown_rows import WeighedRow


def weigh(
    file: Annotated[str, FILE],
    at: Annotated[int | None, AT] = None,
    text: Annotated[
        str | None,
        typer.Option(
            "--text", "-t", help="What follows there. Else: what the model finds likeliest."
        ),
    ] = None,
    word: Annotated[
        str | None, typer.Option("--word", "-w", help="Judge this word of it alone.")
    ] = None,
    attention: Annotated[
        bool,
        typer.Option("--attention/--no-attention", help="Read the model's own attention, too."),
    ] = True,
    model: Annotated[str | None, MODEL] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show what weighed: for each sentence that the model saw, how much less likely a suggestion is without it.

    Sentences that made it less likely have a minus. Beside it stands the sentence's share of the model's own
    attention. Neither tells why something was written; docs/memory.md says what they can tell.
    """
    from cowrite.cli import output
    from cowrite.session.shown_rows import draft_behind, weighed_rows

    with asking("weigh", file, at, model) as it:
        said = _likeliest(it) if text is None else text
        if not said.strip():
            raise UsageError("There is no suggestion to weigh.", 'Give one: --text " and then"')
        focus = _focus(said, word)
        answer, found = it.engine.weigh(
            it.asked.context, it.params, said, focus=focus, attention=attention
        )
        if not found or len(answer.losses) != len(found):
            raise EngineError("There is too little text before that place to weigh any of it.")
        rows = weighed_rows(answer, found, draft_behind(it.document, answer.context))
        if as_json:
            output.as_json(_told(it, answer, said, word, rows))
        else:
            _print(answer, said, word, rows)


def _likeliest(it: Asking) -> str:
    """What the model finds likeliest there."""
    sampling = replace(it.params.sampling, temperature=0.0)
    done = it.engine.ask(it.asked.context, replace(it.params, n=1, sampling=sampling))
    return done.candidates[0].text if done.candidates else ""


def _focus(said: str, word: str | None) -> tuple[int, int] | None:
    if word is None:
        return None
    place = said.find(word) if word else -1
    if place < 0:
        raise UsageError(f"There is no {word!r} in the suggestion.", f"It is: {said.strip()}")
    return place, place + len(word)


def _told(
    it: Asking, answer: Weighed, said: str, word: str | None, rows: list[WeighedRow]
) -> dict[str, Any]:
    return {
        "model": it.model,
        "at": it.position,
        "suggestion": said,
        "word": word,
        "judged_tokens": answer.judged,
        "prompt_tokens": answer.prompt_tokens,
        "ms": round(answer.total_ms, 1),
        "attention": answer.reason or bool(answer.attention),
        "sentences": [
            {
                "kind": row.kind,
                "source": row.source,
                "start": row.start,
                "end": row.end,
                "tokens": row.tokens,
                "lost": round(row.lost, 4),
                "attention": None if row.attention is None else round(row.attention, 4),
                "text": row.text,
            }
            for row in rows
        ],
    }


def _print(answer: Weighed, said: str, word: str | None, rows: list[WeighedRow]) -> None:
    from cowrite.cli import output

    what = f"the word {word!r}" if word is not None else f"its tokens 1 to {answer.judged}"
    output.note(f"For {what} of: {said.strip()}")
    if answer.reason:
        output.note(f"cowrite: {answer.reason}")
    table = []
    for row in rows:
        share = "" if row.attention is None else f"{100 * row.attention:.0f} %"
        text = " ".join(row.text.split())
        table.append((f"{row.lost:+.2f}", share, row.source or row.kind, text))
    output.columns(table, ("nats", "attention", "source", "sentence"))
