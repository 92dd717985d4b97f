"""From a name or a path to a model that can be loaded."""

from __future__ import annotations

import contextlib
import importlib.metadata
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from pathlib import Path

from cowrite.catalog.cards import Card, cards
from cowrite.catalog.facts import GgufFacts
from cowrite.catalog.fitness import check_fit, size_of
from cowrite.catalog.gguf import read_facts
from cowrite.catalog.identity import Progress, Stamp, examine, identify, remembered
from cowrite.catalog.joining import file_of, join, locate, missing_parts
from cowrite.catalog.memory import SMALLEST_CONTEXT, estimate, free_memory
from cowrite.errors import ModelError, unknown
from cowrite.paths import Paths, expanded


class UnknownModelError(ModelError):
    """No model has this name."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model that is there and is what it claims to be."""

    name: str
    path: Path
    sha256: str
    card: Card | None
    facts: GgufFacts

    @property
    def base(self) -> bool:
        """Whether it goes on with a text, rather than having been trained to answer."""
        return self.card.kind == "base" if self.card else not self.facts.chat_template


def is_path(choice: str) -> bool:
    """Whether a choice is meant as a path and not as a name."""
    return "/" in choice or choice.lower().endswith(".gguf") or choice.startswith("~")


def find_card(name: str, paths: Paths) -> Card:
    """The card of a name, in any case. Raises UnknownModelError with the nearest match."""
    known = cards(paths)
    card = known.get(name.strip().lower())
    if card is None:
        error = unknown("model", name, known)
        raise UnknownModelError(error.message, error.hint or "`cowrite models list` shows them.")
    return card


def check_choice(choice: str, paths: Paths) -> None:
    """Refuse a name without a card, or a path without a file; the file itself is not looked at.

    Raises UnknownModelError or ModelError.
    """
    wanted = choice.strip()
    if not is_path(wanted):
        find_card(wanted, paths)
    elif not expanded(wanted).is_file():
        raise ModelError(f"There is no file {wanted}.", "`cowrite models list` shows what is here.")


def resolve(
    choice: str | None, paths: Paths, *, default: str, progress: Progress | None = None
) -> ResolvedModel:
    """The model that `choice` (a name or a path; None for `default`) means, ready to be loaded.

    Joins package parts into the cache where needed and checks the file's identity, both only when
    something changed since the last time. Raises ModelError: missing, damaged, another file than the
    one on the card, an architecture that llama.cpp does not know, or too large for the free memory.
    """
    wanted = (choice or default).strip()
    if is_path(wanted):
        path = expanded(wanted).absolute()
        card = _card_at(path, paths)
        stamp = identify(path, paths, progress, partial(_check, path.stem, path))
        model = ResolvedModel(path.stem, path, stamp.sha256, None, stamp.facts)
        if card is not None and card.sha256 == stamp.sha256:
            model = ResolvedModel(card.name, path, stamp.sha256, card, stamp.facts)
    else:
        card = find_card(wanted, paths)
        stamp = _stamp_of(card, paths, progress)
        model = ResolvedModel(card.name, Path(stamp.path), stamp.sha256, card, stamp.facts)
        _check(card.name, Path(stamp.path), stamp.size, stamp.facts)
    return model


def ready(choice: str, paths: Paths) -> ResolvedModel | None:
    """The model that a choice means if it can be loaded as it stands: nothing is unpacked, read through or
    remembered. None where that would have to be done first.

    Raises ModelError where the choice is unknown or its file is no model.
    """
    if is_path(choice):
        path = expanded(choice).absolute()
        stamp = remembered(path, paths)
        if stamp is None:
            return None
        check_fit(stamp.facts, path)
        return ResolvedModel(path.stem, path, stamp.sha256, None, stamp.facts)
    card = find_card(choice, paths)
    path = file_of(card, paths)
    if state_of(card, paths) is not ModelState.READY:
        return None
    facts = read_facts(path)
    check_fit(facts, path)
    return ResolvedModel(card.name, path, card.sha256, card, facts)


def _check(name: str, path: Path, size: int, facts: GgufFacts) -> None:
    """Refuse what can't be run here, before a large file is read for its sha256."""
    check_fit(facts, path)
    check_architecture(facts.architecture, name)
    check_memory(size_of(size, facts, path), facts, name)


def _card_at(path: Path, paths: Paths) -> Card | None:
    return next((c for c in cards(paths).values() if file_of(c, paths) == path), None)


def _stamp_of(card: Card, paths: Paths, progress: Progress | None) -> Stamp:
    path = file_of(card, paths)
    if len(card.parts) > 1:
        if path.is_file():
            with contextlib.suppress(ModelError):  # a damaged copy is made anew
                stamp = identify(path, paths, progress)
                if stamp.sha256 == card.sha256:
                    return stamp
        return join(card, paths, progress)
    if not card.added and locate(card.parts[0]) is None:
        raise ModelError(f"The model {card.name} is not installed.", card.install)
    if card.added and not path.is_file():
        raise ModelError(
            f"The file of the model {card.name} is gone: {path}.",
            f"Put it back, or `cowrite models remove {card.name}`.",
        )
    stamp = identify(path, paths, progress, partial(_check, card.name, path))
    if stamp.sha256 != card.sha256:
        raise changed(card, path)
    return stamp


class ModelState(StrEnum):
    """Whether a model can be used now."""

    READY = "ready"
    PACKED = "packed"
    """Installed; joined when it is first used."""
    MISSING = "missing"


def state_of(card: Card, paths: Paths) -> ModelState:
    """Whether the model's file is here. Looks at names and sizes only."""
    path = file_of(card, paths)
    if path.is_file():
        return ModelState.READY
    packed = len(card.parts) > 1 and not missing_parts(card)
    return ModelState.PACKED if packed else ModelState.MISSING


def verify(card: Card, paths: Paths, progress: Progress | None = None) -> None:
    """Read the model's file from end to end. Raises ModelError where it is not what the card says."""
    path = file_of(card, paths)
    if state_of(card, paths) is ModelState.READY:
        stamp = examine(path, paths, progress)
        if stamp.sha256 != card.sha256:
            raise changed(card, path)
    else:
        _stamp_of(card, paths, progress)


def changed(card: Card, path: Path) -> ModelError:
    """The error for a file that has another sha256 than its card."""
    if card.added:
        return ModelError(
            f"The file of {card.name} has changed since it was added: {path}.",
            f"`cowrite models remove {card.name}`, then add it again if the change was meant.",
        )
    again = f"Install it again: {card.install} --force-reinstall"
    if len(card.parts) > 1:
        again = f"Unpack it again: cowrite models remove {card.name}"
    return ModelError(
        f"The file of {card.name} is damaged: it has another sha256 than its card says.", again
    )


@cache
def _llama_library() -> bytes:
    """The code of the installed llama.cpp, or nothing where it can't be found."""
    try:
        package = importlib.metadata.distribution("llama-cpp-python")
    except importlib.metadata.PackageNotFoundError:
        return b""
    for name in ("libllama.so", "libllama.dylib"):
        path = Path(str(package.locate_file(f"llama_cpp/lib/{name}")))
        if path.is_file():
            return path.read_bytes()
    return b""


@cache
def knows_architecture(architecture: str) -> bool:
    """Whether the installed llama.cpp has this architecture, as far as can be told without loading it.

    Its library holds each architecture's name as a C string.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{1,63}", architecture):
        return False
    library = _llama_library()
    return not library or architecture.encode() + b"\0" in library


def check_architecture(architecture: str, name: str) -> None:
    """Raises ModelError where the installed llama.cpp can't run this architecture."""
    if not knows_architecture(architecture):
        raise ModelError(
            f"The model {name} has the architecture '{architecture[:60]}', which this llama.cpp does "
            "not know.",
            "A newer llama-cpp-python may: pip install -U llama-cpp-python",
        )


def check_memory(size: int, facts: GgufFacts, name: str) -> None:
    """Raises ModelError where even a small context does not fit into the free memory."""
    free = free_memory()
    need = estimate(size, facts, SMALLEST_CONTEXT).total
    if free is not None and need > free:
        raise ModelError(
            f"The model {name} needs {need / 1e9:.1f} GB of memory, {free / 1e9:.1f} GB are free.",
            "Close other programs, or choose a smaller model: `cowrite models list`.",
        )
