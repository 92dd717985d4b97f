"""`cowrite models`: list, info, advise, add, pull, verify, remove, use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cowrite import catalog
from cowrite.catalog import Card, GgufFacts, ModelState
from cowrite.cli.advise import advise
from cowrite.cli.output import as_json, columns, data, note, progress, size
from cowrite.cli.pull import pull
from cowrite.config import load, save_user
from cowrite.config.describing import NEVER
from cowrite.errors import ModelError
from cowrite.paths import Paths, expanded, user_paths

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="List, inspect, add and choose models. A model is a GGUF file, as llama.cpp reads them.",
)

Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


def _names(incomplete: str) -> list[str]:
    return [name for name in catalog.cards(user_paths()) if name.startswith(incomplete)]


Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=_names)]
NameOrPath = Annotated[str, typer.Argument(metavar="NAME|PATH", autocompletion=_names)]


@app.command("list")
def list_models(json: Json = False) -> None:
    """Show the known models, and whether they are here. `*` marks the one that is used."""
    paths = user_paths()
    settings = load(paths)
    used = settings.model.name
    rows = [(card, catalog.state_of(card, paths)) for card in catalog.cards(paths).values()]
    if json:
        as_json([{**_card_facts(c, paths), "state": s, "used": c.name == used} for c, s in rows])
    else:
        columns([_row(card, state, used) for card, state in rows], header=_HEADER)
        if catalog.is_path(used):
            data(f"* {used}")
    if settings.engine.remote not in ("", NEVER):
        note(
            "A server writes in the place of these, at engine.remote; --model NAME takes one of these."
        )
    for error in catalog.broken(paths):
        note(f"cowrite: {error.message} {error.hint}")
    for card, state in rows:
        if state is ModelState.MISSING and not json:
            note(f"To get {card.name}: {card.install}" if card.install else f"Gone: {card.path}")


_HEADER = ("  NAME", "STATE", "SIZE", "KIND", "ARCHITECTURE", "LICENCE", "TITLE")


def _row(card: Card, state: ModelState, used: str) -> tuple[str, ...]:
    mark = "* " if card.name == used else "  "
    kind, licence = card.kind, card.licence
    return (mark + card.name, state, size(card.size), kind, card.architecture, licence, card.title)


@app.command()
def info(model: NameOrPath, json: Json = False) -> None:
    """Show what a model is: from its card and its file's header, with the memory it needs here."""
    paths = user_paths()
    card = None if catalog.is_path(model) else catalog.find_card(model, paths)
    path = expanded(model).absolute() if card is None else catalog.file_of(card, paths)
    with progress("Unpacking the model"):
        facts = _facts(card, path, paths)
    entry: dict[str, object] = {} if card is None else _card_facts(card, paths)
    if card is None:
        entry = {"name": path.stem, "path": str(path), "size": path.stat().st_size}
    if facts is not None:
        entry |= _header_facts(facts) | _memory(int(str(entry["size"])), facts)
        _say_unfit(facts, path)
    if json:
        as_json(entry)
    else:
        columns([(_LABELS.get(key, key), _shown(key, value)) for key, value in entry.items()])


def _say_unfit(facts: GgufFacts, path: Path) -> None:
    try:
        catalog.check_fit(facts, path)
    except ModelError as error:
        note(f"{error.message} {error.hint}")


def _facts(card: Card | None, path: Path, paths: Paths) -> GgufFacts | None:
    """The header's facts, None where a known model is not here."""
    if card is not None and catalog.state_of(card, paths) is ModelState.MISSING:
        note(f"{card.name} is not here. {card.install}".rstrip())
        return None
    if card is not None and not path.is_file():
        with progress(f"Unpacking {card.name}") as advance:
            return catalog.resolve(card.name, paths, default=card.name, progress=advance).facts
    return catalog.read_facts(path)


def _card_facts(card: Card, paths: Paths) -> dict[str, object]:
    path = catalog.file_of(card, paths)
    return {
        "name": card.name,
        "title": card.title,
        "source": card.source,
        "commit": card.commit,
        "path": str(path) if path.is_file() else None,
        "size": card.size,
        "sha256": card.sha256,
        "licence": card.licence,
        "terms": card.terms,
        "kind": card.kind,
        "sampling": card.sampling,
        "notes": " ".join(card.notes.split()),
        "architecture": card.architecture,
        "context_length": card.context_length,
    }


def _header_facts(facts: GgufFacts) -> dict[str, object]:
    return {
        "architecture": facts.architecture,
        "known_architecture": catalog.knows_architecture(facts.architecture),
        "header_name": facts.name,
        "header_licence": facts.licence,
        "parameters": facts.parameters,
        "quantisation": facts.quantisation,
        "context_length": facts.context_length,
        "layers": facts.layers,
        "vocabulary": facts.vocabulary,
        "chat_template": facts.chat_template,
    }


def _memory(file_size: int, facts: GgufFacts) -> dict[str, object]:
    context = load(user_paths()).engine.context_tokens
    need = catalog.estimate(file_size, facts, context)
    free = catalog.free_memory()
    return {
        "memory": {
            "file": need.file,
            "kv": need.kv,
            "overhead": need.overhead,
            "total": need.total,
        },
        "memory_context": need.context,
        "memory_free": free,
        "fits": None if free is None else need.total <= free,
    }


_LABELS = {
    "sha256": "sha256",
    "context_length": "context",
    "known_architecture": "llama.cpp knows it",
    "header_name": "name in the file",
    "header_licence": "licence in the file",
    "chat_template": "chat template",
    "memory_context": "for a context of",
    "memory_free": "free memory",
    "fits": "fits",
}


def _shown(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "-"
    if key in ("size", "memory_free") and isinstance(value, int):
        return size(value)
    if key == "memory" and isinstance(value, dict):
        parts = ", ".join(f"{k} {size(v)}" for k, v in value.items() if k != "total")
        return f"{size(value['total'])} ({parts})"
    if key == "parameters" and isinstance(value, int):
        return f"{value / 1e6:.0f} million"
    if isinstance(value, int):
        return f"{value:,}" + (" tokens" if "context" in key else "")
    if isinstance(value, dict):
        return ", ".join(f"{k} {v:g}" for k, v in value.items()) or "-"
    return str(value)


@app.command()
def add(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A GGUF file anywhere on the disk.")],
    name: Annotated[
        str | None, typer.Option("--name", help="What to call it; its file's name otherwise.")
    ] = None,
) -> None:
    """Add a model by its path. The file stays where it is."""
    with progress("Reading the model") as advance:
        card = catalog.add(path, user_paths(), name, advance)
    note(f"Added {card.name} ({card.architecture}, {size(card.size)}, {card.kind}).")
    note(f"To use it: cowrite models use {card.name}")


@app.command()
def verify(
    model: Annotated[str | None, typer.Argument(metavar="[NAME]", autocompletion=_names)] = None,
) -> None:
    """Read a model's file from end to end and compare it with its card; all that are here without NAME."""
    paths = user_paths()
    chosen = list(catalog.cards(paths).values())
    if model is not None:
        chosen = [catalog.find_card(model, paths)]
    else:
        chosen = [c for c in chosen if catalog.state_of(c, paths) is not ModelState.MISSING]
    failed: ModelError | None = None
    for card in chosen:
        try:
            with progress(f"Reading {card.name}") as advance:
                catalog.verify(card, paths, advance)
        except ModelError as error:
            if failed is not None:
                note(f"cowrite: {failed.message} {failed.hint}".rstrip())
            failed = error
            continue
        data(f"{card.name}: as its card says ({card.sha256})")
    if failed is not None:
        raise failed


@app.command()
def remove(model: Name) -> None:
    """Forget a model that was added, or drop the unpacked copy of one that comes in packages.

    A file that you added is never deleted; one that `models pull` has downloaded is.
    """
    paths = user_paths()
    card, dropped = catalog.remove(model, paths)
    if dropped is not None and card.added:
        note(f"Forgot {card.name}, and deleted {dropped} ({size(card.size)}).")
    elif dropped is not None:
        note(f"Deleted {dropped} ({size(card.size)}). It is unpacked again when it is used.")
    else:
        note(f"Forgot {card.name}. Its file is still there: {card.path}")
    if load(paths).model.name == card.name and card.added:
        note("It was the model in use: choose another with `cowrite models use NAME`.")


@app.command()
def use(model: NameOrPath) -> None:
    """Write with this model from now on."""
    paths = user_paths()
    with progress("Unpacking the model") as advance:
        found = catalog.resolve(model, paths, default=model, progress=advance)
    chosen = str(found.path) if found.card is None else found.card.name
    save_user(paths, "model.name", chosen)
    note(f"cowrite writes with {chosen} from now on ({paths.config_file}).")
    holds = load(paths).model.name
    if holds != chosen:
        note(f"Here a project file or COWRITE_MODEL says otherwise: {holds}.")


app.command()(pull)
app.command()(advise)
