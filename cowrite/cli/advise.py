"""`cowrite models advise`: what each model would mean here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.cli.output import as_json, columns, data, note, size
from cowrite.config import Settings, load
from cowrite.errors import CowriteError, UsageError, unknown
from cowrite.paths import Paths, user_paths

if TYPE_CHECKING:
    from cowrite.catalog.advising import Advice, Machine
    from cowrite.catalog.known import Purpose
    from cowrite.catalog.speeds import Speed, SpeedBook


def advise(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Say all about this one.")
    ] = None,
    purpose: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="PURPOSE", help="ghost, instructions or languages; the best first."
        ),
    ] = None,
    measure: Annotated[
        bool | None,
        typer.Option(
            "--measure/--no-measure",
            help="Measure all that are here anew, or none; else those that were not yet.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say what models there are, and what each would mean on this machine.

    Memory is that of the file, its context and the engine's buffers. Models that are here are measured, each
    once and in some ten seconds: the time to the first word, and words a second. For the others that is
    foretold from the measured one that is nearest in size, and may be off by half. Nothing is downloaded.

    Examples: cowrite models advise --for instructions, or cowrite models advise lfm2-350m
    """
    from cowrite.catalog.advising import advise, ordered, sentences
    from cowrite.catalog.known import PURPOSES

    if purpose is not None and purpose not in PURPOSES:
        error = unknown("purpose", purpose, PURPOSES)
        raise UsageError(error.message, f"{error.hint} There are: {', '.join(PURPOSES)}.".strip())
    paths = user_paths()
    settings = load(paths)
    wanted: Purpose | None = next((one for one in PURPOSES if one == purpose), None)
    machine = measured_machine(paths, settings, measure, name)
    found = ordered(advise(paths, machine), wanted)
    if name is not None:
        found = [_only(name, found)]
    if json:
        as_json([_facts(one, machine, settings) for one in found])
    elif name is not None:
        data("\n".join([f"{found[0].name}: {found[0].title}", *sentences(found[0], machine)]))
        note(_next_step(found[0]))
    else:
        columns([_row(one, settings) for one in found], header=_HEADER)
        _explain(found)


def _only(name: str, found: list[Advice]) -> Advice:
    by_name = {one.name: one for one in found}
    one = by_name.get(name.strip().lower())
    if one is None:
        error = unknown("model", name, by_name)
        raise UsageError(error.message, error.hint or "`cowrite models advise` shows them.")
    return one


def measured_machine(
    paths: Paths, settings: Settings, wanted: bool | None, name: str | None = None
) -> Machine:
    """This machine, with the speeds of the models that are here. wanted: measure them anew (True), none of them
    (False), or those that were not yet (None). name: only this one, and the one that writes."""
    from cowrite.catalog.advising import Machine, advise

    book = speed_book(paths, settings)
    machine = Machine(context=settings.engine.context_tokens, measured=book.all())
    if wanted is False:
        return machine
    for one in advise(paths, machine):
        known = one.sha256 in machine.measured and not (wanted and (name in (None, one.name)))
        aside = name not in (None, one.name) and one.name != settings.model.name
        if one.here and one.fits is not False and not one.refused and not known and not aside:
            _measure(one, paths, settings, book)
    return Machine(machine.free, machine.total, machine.context, book.all())


def speed_book(paths: Paths, settings: Settings) -> SpeedBook:
    """What was measured on this machine with these settings."""
    from cowrite.catalog.speeds import SpeedBook, machine
    from cowrite.engine.hardware import processor

    return SpeedBook(paths, machine(processor(), settings.engine.threads))


def _measure(one: Advice, paths: Paths, settings: Settings, book: SpeedBook) -> None:
    """Measure and remember. A model that fails is told of, and the others go on."""
    from cowrite.catalog.speeds import Speed
    from cowrite.cli.bench import told_in_place
    from cowrite.engine.bench.speed import measure
    from cowrite.session.found_model import find_model

    note(f"Measuring {one.name} …")
    tell, over = told_in_place()
    try:
        tell("making it ready")
        found = find_model(settings, paths, one.name, learned=False)
        first, words = measure(found.file, found.options, paths.engine_log, tell)
    except CowriteError as error:
        over()
        note(f"{error.message} {error.hint}".rstrip())
        return
    over()
    book.keep(one.sha256, Speed(one.size, first, words))


_HEADER = ("NAME", "HERE", "GOOD FOR", "MEMORY", "FITS", "FIRST WORD", "WORDS/S", "LICENCE")


def _row(one: Advice, settings: Settings) -> tuple[str, ...]:
    here = "yes" if one.here else "no"
    here = "in use" if one.name in (settings.model.name, settings.models.instruct) else here
    fits = {True: "yes", False: "no", None: "-"}[one.fits if not one.refused else False]
    first, words = _figures(one.speed)
    good = ", ".join(one.good_for)
    return (one.name, here, good, size(one.memory.total), fits, first, words, one.licence)


def _figures(speed: Speed | None) -> tuple[str, str]:
    if speed is None:
        return "-", "-"
    sign = "" if speed.measured else "~"
    first = f"{speed.first_ms / 1000:.1f} s" if speed.first_ms >= 100 else "< 0.1 s"
    return f"{sign}{first}", f"{sign}{speed.words:.{0 if speed.words >= 3 else 1}f}"


def _explain(found: list[Advice]) -> None:
    from cowrite.catalog.speeds import ERROR

    foretold = [one for one in found if one.speed is not None and not one.speed.measured]
    if foretold:
        note(
            f"~ is foretold from a measured model and the file's size, and may be off by {ERROR:.0%}."
        )
    elif all(one.speed is None for one in found):
        note("No speeds: no model was measured here. `cowrite models advise --measure` does that.")
    if any(not one.here for one in found):
        note("To get one: cowrite models pull NAME. More of one: cowrite models advise NAME")


def _next_step(one: Advice) -> str:
    if not one.here:
        return f"Not downloaded: {one.get}"
    key = "model.name" if "ghost" in one.good_for else "models.instruct"
    if key == "model.name":
        return f"To use it: cowrite models use {one.name}"
    return f"To use it for instructions: cowrite config set {key} {one.name}"


def _facts(one: Advice, machine: Machine, settings: Settings) -> dict[str, object]:
    from cowrite.catalog.advising import pace, sentences

    speed = one.speed
    return {
        "name": one.name,
        "title": one.title,
        "state": one.state.value if one.state is not None else "elsewhere",
        "used": one.name == settings.model.name,
        "used_for_instructions": one.name == (settings.models.instruct or settings.model.name),
        "kind": one.kind,
        "good_for": one.good_for,
        "languages": one.languages,
        "licence": one.licence,
        "terms": one.terms,
        "size": one.size,
        "size_exact": one.pinned,
        "sha256": one.sha256 or None,
        "architecture": one.architecture,
        "memory": {
            "file": one.memory.file,
            "kv": one.memory.kv,
            "overhead": one.memory.overhead,
            "total": one.memory.total,
            "context": one.memory.context,
        },
        "memory_free": machine.free,
        "memory_total": machine.total,
        "fits": one.fits,
        "refused": one.refused or None,
        "first_word_ms": round(speed.first_ms, 1) if speed else None,
        "words_per_second": round(speed.words, 2) if speed else None,
        "speed": None if speed is None else ("measured" if speed.measured else "foretold"),
        "pace": pace(speed.words) if speed else None,
        "says": list(sentences(one, machine)),
        "get": one.get or None,
    }
