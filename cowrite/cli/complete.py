"""`cowrite complete`: go on with a text without the screen, for scripts and pipes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.cli.candidate_rows import candidate_rows
from cowrite.cli.streams import text_argument
from cowrite.cli.texts import draft_path, no_text, text_to_go_on_with
from cowrite.cli.wishes import Wishes
from cowrite.core.suggestion import Candidate, Params
from cowrite.errors import EngineError, UsageError

if TYPE_CHECKING:
    from cowrite.config import Settings
    from cowrite.engine.protocol import Done, HostMessage
    from cowrite.session.blocking_engine import BlockingEngine


def complete(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE|-]", help="The text's file; - is standard input."),
    ] = None,
    text: Annotated[str | None, typer.Option("--text", "-t", help="The text itself.")] = None,
    after: Annotated[
        str, typer.Option("--after", help="What stands behind the place to write at.")
    ] = "",
    n: Annotated[int, typer.Option("-n", metavar="N", help="How many continuations.")] = 1,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", metavar="T", help="The most tokens of each.")
    ] = None,
    stop: Annotated[
        str | None,
        typer.Option(
            "--stop", metavar="WHERE", help="Where each ends: sentence, paragraph or none."
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="S", help="The same seed gives the same text again."),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option("--temperature", metavar="X", help="Higher is bolder; 0 is the likeliest."),
    ] = None,
    preset: Annotated[
        str | None, typer.Option("--preset", help="How bold: precise, balanced or wild.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="NAME|PATH", help="Another model.")
    ] = None,
    logprobs: Annotated[
        int, typer.Option("--logprobs", metavar="K", help="With --json: K alternatives a token.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, with figures.")] = False,
    batch: Annotated[
        str | None,
        typer.Option("--batch", metavar="ROWS", help="Many texts: a file of rows, see below."),
    ] = None,
    out: Annotated[
        str | None, typer.Option("--out", "-o", metavar="FILE", help="With --batch: the answers.")
    ] = None,
    at_once: Annotated[
        int,
        typer.Option("--at-once", metavar="N", help="With --batch: how many are written at once."),
    ] = 8,
) -> None:
    """Go on with a text, and print what comes next.

    The text comes from a file (or `-`), whose one newline at the end does not count, or from --text,
    which is taken as it is. What is printed follows the text directly, so a space it needs comes first.
    With -n, the continuations are divided by a line `---`.

    With --batch, each line of ROWS (or of `-`) asks: {"id": 1, "prompt": "The sea was"}, with any of after, n,
    max_tokens, stop, seed, temperature, preset and logprobs, which go before the options. The answers come in
    the same order: {"id": 1, "candidates": [{"text": ...}]}. With -o, what FILE has answers to already is not
    asked again, so that the same call goes on where it was cut off. Rows that are wrong are told by their
    lines, the others are answered, and the exit code is 1. A seed gives the same text as without --batch where
    --at-once is 1; with more, numbers differ in their last digits, and so may words.
    """
    wishes = Wishes(n, max_tokens, stop, seed, temperature, preset, logprobs)
    if batch is not None:
        _refuse_both(file, text, after, as_json=as_json)
        from cowrite.cli.complete_batch import complete_batch

        complete_batch(batch, out, wishes, model, at_once)
        return
    if out is not None:
        raise UsageError("-o is for --batch.", "Send the text to a file with `>`.")
    from cowrite.config import load
    from cowrite.paths import user_paths

    paths = user_paths()
    settings = load(paths, None, flags={"model.name": model})
    wishes.params(settings)
    before, after = text_to_go_on_with(file, text), text_argument("--after", after)
    if not (before + after).strip():
        raise no_text()

    from cowrite.cli import output
    from cowrite.engine.protocol import RunAhead
    from cowrite.session.blocking_engine import blocking_engine
    from cowrite.session.found_model import find_engine

    with output.progress("Preparing the model") as advance:
        found = find_engine(settings, paths, model, advance, draft=draft_path(file))
    if found.trouble:
        output.note(f"cowrite: {found.trouble}")
    params = wishes.params(settings, found.advice)
    options = replace(found.options, nice=0, run_ahead=RunAhead.OFF, kv_folder=None)
    with blocking_engine(replace(found, options=options), paths.engine_log) as engine:
        printer = None if as_json else _Printer(waits=bool(after.strip()) and params.n > 1)
        done = _ask(engine, settings, draft_path(file), before, after, params, printer)
        if not any(candidate.text for candidate in done.candidates):
            raise EngineError(
                "The model had nothing to add.",
                "Ask with another --seed, or with more of the text.",
            )
        if printer is not None:
            printer.finish(done.candidates)
        else:
            _print_json(engine.model_name, found.file.sha256, done, engine.load_ms, logprobs)


def _refuse_both(file: str | None, text: str | None, after: str, *, as_json: bool) -> None:
    """Raise UsageError where one text was given besides the many."""
    if file is not None or text is not None or after:
        raise UsageError(
            "--batch and a text were given; one of them is enough.", "Put the text into the rows."
        )
    if as_json:
        raise UsageError("--batch writes rows of JSON anyway.", "Leave --json out.")


def _ask(
    engine: BlockingEngine,
    settings: Settings,
    file: Path | None,
    before: str,
    after: str,
    params: Params,
    printer: _Printer | None,
) -> Done:
    from cowrite.cli import output
    from cowrite.core.document import Document
    from cowrite.paths import user_paths
    from cowrite.session.asking_once import context_once

    loaded = engine.load()
    budget = settings.model.context or loaded.window_chars
    document = Document(before + after)
    asked = context_once(document, len(before), settings, user_paths(), file, budget)
    for trouble in asked.troubles:
        output.note(f"cowrite: {trouble}")

    def on_message(message: HostMessage) -> None:
        if printer is not None:
            printer.take(message)

    return engine.ask(asked.context, params, on_message)


class _Printer:
    """Prints candidates as they come: one at a time, each whole, `---` between them.

    waits: until all have come, whose order is known only then.
    """

    def __init__(self, *, waits: bool = False) -> None:
        self._waits = waits
        self._texts: dict[int, str] = {}
        self._ended: set[int] = set()
        self._now = 0
        self._printed = 0
        self._any = False

    def take(self, message: HostMessage) -> None:
        from cowrite.engine.protocol import Chunk, Finished

        if self._waits:
            return
        if isinstance(message, Chunk):
            self._texts[message.candidate] = self._texts.get(message.candidate, "") + message.text
        elif isinstance(message, Finished):
            self._texts[message.candidate] = message.candidate_value.text
            self._ended.add(message.candidate)
        else:
            return
        self._go_on()

    def finish(self, candidates: tuple[Candidate, ...]) -> None:
        """Print what is left."""
        for number, candidate in enumerate(candidates):
            if number >= self._now:
                self._texts[number] = candidate.text
                self._ended.add(number)
        self._go_on()

    def _go_on(self) -> None:
        while True:
            text = self._texts.get(self._now, "")
            self._write(text[self._printed :])
            self._printed = max(self._printed, len(text))
            if self._now not in self._ended:
                return
            if self._printed:
                sys.stdout.write("\n")
                sys.stdout.flush()
            self._now += 1
            self._printed = 0

    def _write(self, text: str) -> None:
        from cowrite.core.printable import printable

        if not text:
            return
        if not self._printed and self._any:
            sys.stdout.write("---\n")
        self._any = True
        sys.stdout.write(printable(text, keep="\n\t"))
        sys.stdout.flush()


def _print_json(name: str, sha256: str, done: Done, load_ms: float, logprobs: int) -> None:
    from cowrite.cli.output import as_json

    timings = done.timings
    as_json(
        {
            "model": {"name": name, "sha256": sha256},
            "seed": done.seed,
            "prompt_tokens": done.prompt_tokens,
            "cached_tokens": done.cached_tokens,
            "candidates": candidate_rows(done.candidates, logprobs),
            "timings_ms": {
                "load": round(load_ms, 1),
                "prefill": round(timings.prefill, 1),
                "first_token": None if timings.first is None else round(timings.first, 1),
                "total": round(timings.total, 1),
            },
        }
    )
