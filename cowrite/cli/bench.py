"""`cowrite bench`: how fast a model writes on this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.errors import UsageError

if TYPE_CHECKING:
    from cowrite.engine.bench.figures import Figure
    from cowrite.engine.protocol import Loaded


TABLE_WIDTH = 116


def bench(
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="NAME|PATH", help="Another model.")
    ] = None,
    text: Annotated[
        Path | None,
        typer.Option("--text", metavar="FILE", help="Prose to measure on; 1,400 words or more."),
    ] = None,
    rounds: Annotated[
        int, typer.Option("--rounds", metavar="N", help="Rounds of each figure.")
    ] = 8,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="URL", help="A llama-server that you started, with 3 slots."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Measure cowrite's engine against llama-cpp-python's own interface, on this machine, in some minutes.

    All figures are medians of the rounds, in which the baselines take turns. A round adds twelve typed words
    to about 1,500 tokens. With --against, a llama-server takes part too: start it with the same model,
    `llama-server -m MODEL.gguf -c 16384 -np 3 --kv-unified`, and the same number of threads.
    """
    if not 1 <= rounds <= 50:
        raise UsageError(f"--rounds must be 1 to 50, not {rounds}.", "The usual is 8.")
    from cowrite.cli.output import progress
    from cowrite.config import load
    from cowrite.engine.bench.measure import run
    from cowrite.paths import user_paths
    from cowrite.session.found_model import find_model

    paths = user_paths()
    settings = load(paths, None, flags={"model.name": model})
    prose = _text(text)
    with progress("Preparing the model") as advance:
        found = find_model(settings, paths, model, advance, learned=False)
    engine_log = paths.engine_log
    loaded, figures = run(
        found.file, found.options, prose, rounds, engine_log, against, _progress()
    )
    if as_json:
        from cowrite.cli.output import as_json as print_json

        print_json({"model": loaded, "figures": [figure.as_dict() for figure in figures]})
    else:
        _print_table(loaded, figures)


def _text(path: Path | None) -> str:
    if path is None:
        return (
            resources.files("cowrite.engine.bench")
            .joinpath("story.txt")
            .read_text(encoding="utf-8")
        )
    from cowrite.files import load

    if not path.exists():
        raise UsageError(f"There is no file {path}")
    return load(path).text.replace("\r\n", "\n")


def _progress() -> Callable[[str], None]:
    """What is measured now, on a line of stderr that is written over; silence where that is no terminal."""
    return told_in_place()[0]


def told_in_place() -> tuple[Callable[[str], None], Callable[[], None]]:
    """What tells, and what takes away what was told last."""
    if not sys.stderr.isatty():
        return lambda _what: None, lambda: None

    def tell(what: str) -> None:
        sys.stderr.write(f"\r\x1b[K{what} ...")
        sys.stderr.flush()

    def over() -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()

    return tell, over


def _print_table(loaded: Loaded, figures: list[Figure]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    kernel = f"own kernel ({loaded.kernel})" if loaded.kernel else "no own kernel"
    threads = f"{loaded.threads} threads, {loaded.batch_threads} to read"
    made = f"{threads}, {kernel}, way '{loaded.way}', context {loaded.context}"
    table = Table(
        title=f"{loaded.name} ({loaded.description}), {made}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
    )
    for name in ("figure", "cowrite", "against", "score", "must be", "reach for", ""):
        table.add_column(name, justify="left" if name in ("figure", "against", "") else "right")
    signs = {"reached": "reached", "met": "met", "missed": "MISSED"}
    for figure in figures:
        sign = "≥" if figure.more else "≤"
        other = (
            f"{figure.other:,.1f} {figure.unit} {figure.other_name}"
            if figure.other is not None
            else figure.note
        )
        table.add_row(
            figure.name,
            f"{figure.value:,.1f} {figure.unit}",
            other,
            f"{figure.score:.3f}" if figure.other is not None else "",
            f"{sign} {figure.must:g}" if figure.other is not None else f"{sign} {figure.must:.1f}",
            "" if figure.reach is None else f"{sign} {figure.reach:g}",
            signs[figure.verdict],
        )
    table.caption = _way(loaded)
    table.caption_justify = "left"
    console = Console()
    console.width = max(console.width, TABLE_WIDTH)
    console.print(table)


def _way(loaded: Loaded) -> str:
    """Why the engine evaluates as it does, and what that means for the others."""
    text = f"Way '{loaded.way}': {loaded.way_reason}."
    if not loaded.way.extra_buffers:
        text += (
            " create_completion and the bare loop go without llama.cpp's extra buffers too; a llama-server "
            "does so when it is started with --no-repack."
        )
    return text
