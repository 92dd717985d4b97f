"""The user's own models: cards for GGUF files anywhere on the disk."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import msgspec

from cowrite.catalog.cards import Card, cards
from cowrite.catalog.facts import GgufFacts
from cowrite.catalog.fitness import check_fit
from cowrite.catalog.identity import Progress, examine, forget
from cowrite.catalog.joining import file_of
from cowrite.catalog.resolving import check_architecture, find_card
from cowrite.core.printable import printable
from cowrite.errors import ModelError, UsageError
from cowrite.paths import Paths, expanded, private_folder, write_private

DOWNLOADS = "files"
"""The folder beside the cards that downloaded models are in, each in a folder of its name."""


def add(
    path: Path, paths: Paths, name: str | None = None, progress: Progress | None = None
) -> Card:
    """Write a card for the GGUF file at `path`. The file stays where it is.

    Raises ModelError where it is no model that can be run, UsageError where the name is off or taken.
    """
    path = expanded(path).absolute()
    chosen = named(name, path)
    if chosen in cards(paths):
        raise UsageError(
            f"There is a model '{chosen}' already.", "Choose another name with --name."
        )

    def check(_size: int, facts: GgufFacts) -> None:
        check_fit(facts, path)
        check_architecture(facts.architecture, chosen)

    stamp = examine(path, paths, progress, check)
    card = card_for(chosen, path, stamp.size, stamp.sha256, stamp.facts)
    write(card, paths)
    return card


def named(name: str | None, path: Path) -> str:
    """What a model is called: `name`, or what its file's name makes. Raises UsageError."""
    if name is None:
        made = re.sub(r"[^a-z0-9._-]+", "-", path.stem.lower()).strip("-._")
        return made[:100] or "model"
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,99}", name) or name.endswith(".gguf"):
        raise UsageError(
            f"'{name}' can't be a model's name.",
            "Use small letters, digits, '-', '_' and '.'; it may not end in .gguf.",
        )
    return name


def card_for(name: str, path: Path, size: int, sha256: str, facts: GgufFacts) -> Card:
    """A card for a file of the user's, by its header. size: bytes."""
    return Card(
        name=name,
        title=printable(facts.name)[:200] or name,
        source=printable(str(path)),
        file=path.name if path.name.endswith(".gguf") else f"{path.name}.gguf",
        sha256=sha256,
        size=size,
        licence=printable(facts.licence)[:200] or "not said",
        architecture=printable(facts.architecture),
        kind="instruct" if facts.chat_template else "base",
        context_length=facts.context_length,
        path=str(path),
    )


def write(card: Card, paths: Paths) -> None:
    """Put a card among the user's. Raises ModelError."""
    import tomlkit

    folder = private_folder(paths.models)
    plain = {k: v for k, v in msgspec.to_builtins(card).items() if v not in ("", [], {}, (), None)}
    target = folder / f"{card.name}.toml"
    try:
        write_private(target, tomlkit.dumps(plain).encode())
    except OSError as error:
        raise ModelError(f"The card {target} can't be written: {error.strerror}.") from error


def remove(name: str, paths: Paths) -> tuple[Card, Path | None]:
    """Forget a model of the user's, or drop a joined copy from the cache.

    A file that the user added, or that a package holds, is never deleted; one that cowrite downloaded
    is. Returns the card and the file that was. Raises ModelError where there is nothing to remove.
    """
    card = find_card(name, paths)
    path = file_of(card, paths)
    if card.added:
        own = paths.models / DOWNLOADS / card.name
        (paths.models / f"{card.name}.toml").unlink(missing_ok=True)
        forget(path, paths)
        if path.parent == own and own.is_dir():
            shutil.rmtree(own, ignore_errors=True)
            return card, path
        return card, None
    if len(card.parts) > 1 and path.is_file():
        path.unlink()
        forget(path, paths)
        return card, path
    raise ModelError(
        f"{card.name} belongs to an installed package, and nothing of it is in the cache.",
        f"pip uninstall {' '.join(part.package for part in card.parts)}",
    )
