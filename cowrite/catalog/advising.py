"""What each model would mean here: whether it fits, how fast it writes, what it is good at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cowrite.catalog.cards import Card, cards
from cowrite.catalog.fitness import check_fit
from cowrite.catalog.gguf import read_facts
from cowrite.catalog.joining import file_of
from cowrite.catalog.known import KnownModel, Purpose, known_models
from cowrite.catalog.memory import Estimate, estimate, estimate_by, free_memory, total_memory
from cowrite.catalog.resolving import ModelState, knows_architecture, state_of
from cowrite.catalog.speeds import Speed, speed_of
from cowrite.errors import ModelError
from cowrite.paths import Paths

READING = 4.0
"""Words a second of a reader (238 a minute: Brysbaert 2019, doi 10.1016/j.jml.2019.104047)."""

_SHIPPED: dict[str, tuple[tuple[Purpose, ...], str]] = {
    "gemma-3-270m": (("ghost",), "English, and some of many others"),
    "smollm2-135m-instruct": (("instructions",), "English"),
}
"""What those that come in packages are good at, and their languages."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Memory in bytes, None where the system does not say. context: tokens that are wanted, 0 for what is
    usual. measured: speeds by sha256."""

    free: int | None = field(default_factory=free_memory)
    total: int | None = field(default_factory=total_memory)
    context: int = 0
    measured: Mapping[str, Speed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Advice:
    """One model. state: None where it has to be downloaded. refused: why it can't run here, a sentence, else
    empty. pinned: whether its card knows the sha256."""

    name: str
    title: str
    kind: str
    good_for: tuple[str, ...]
    languages: str
    licence: str
    terms: str
    size: int
    memory: Estimate
    state: ModelState | None
    sha256: str
    architecture: str
    notes: str = ""
    speed: Speed | None = None
    fits: bool | None = None
    refused: str = ""
    pinned: bool = True
    install: str = ""

    @property
    def here(self) -> bool:
        """Whether it can be used without getting it first."""
        return self.state in (ModelState.READY, ModelState.PACKED)

    @property
    def get(self) -> str:
        """The command that brings it, empty where it is here."""
        if self.here:
            return ""
        return self.install or f"cowrite models pull {self.name}"


def advise(paths: Paths, machine: Machine) -> list[Advice]:
    """All models that are known here or can be had by name. Files are looked at by their headers only."""
    known, out = known_models(), []
    for card in cards(paths).values():
        state = state_of(card, paths)
        if card.name not in known or state is not ModelState.MISSING:
            out.append(_of_card(card, state, known.pop(card.name, None), paths, machine))
    return [*out, *(_of_known(model, machine) for model in known.values())]


def _of_card(
    card: Card, state: ModelState, known: KnownModel | None, paths: Paths, machine: Machine
) -> Advice:
    good_for, languages = _SHIPPED.get(
        card.name, (("ghost" if card.kind == "base" else "instructions",), "")
    )
    size, refused = card.size, ""
    memory = estimate_by(size, 0, 0, machine.context)
    if known is not None:
        good_for, languages = known.good_for, known.languages
        memory = estimate_by(size, known.kv, known.vocabulary, machine.context)
    if state is ModelState.READY:
        try:
            facts = read_facts(file_of(card, paths))
            check_fit(facts, file_of(card, paths))
            if known is None:
                memory = estimate(size, facts, machine.context)
        except ModelError as error:
            refused = error.message
    return Advice(
        card.name, card.title, card.kind, good_for, languages, card.licence, card.terms, size, memory,
        state, card.sha256, card.architecture, " ".join(card.notes.split()) or (known.notes if known else ""),
        speed_of(card.sha256, size, machine.measured), _fits(memory, machine),
        refused or _unknown(card.architecture), install=card.install,
    )  # fmt: skip


def _of_known(model: KnownModel, machine: Machine) -> Advice:
    memory = estimate_by(model.size, model.kv, model.vocabulary, machine.context)
    return Advice(
        model.name, model.title, model.kind, model.good_for, model.languages, model.licence, model.terms,
        model.size, memory, None, model.sha256, model.architecture, model.notes,
        speed_of(model.sha256, model.size, machine.measured), _fits(memory, machine),
        _unknown(model.architecture), pinned=bool(model.sha256),
    )  # fmt: skip


def _fits(memory: Estimate, machine: Machine) -> bool | None:
    return None if machine.free is None else memory.total <= machine.free


def _unknown(architecture: str) -> str:
    if knows_architecture(architecture):
        return ""
    return f"The installed llama.cpp does not know its architecture, {architecture[:60]}."


def ordered(found: Iterable[Advice], purpose: Purpose | None) -> list[Advice]:
    """The best for a purpose first: those made for it, that run here, and of those that write as fast as one
    reads the largest, which knows most. Slower ones come after, the quickest first."""

    def place(one: Advice) -> tuple[bool, bool, bool, float]:
        meant = purpose is None or purpose in one.good_for
        runs = one.fits is not False and not one.refused
        slow = one.speed is not None and one.speed.words < READING
        by_size = one.speed is None or slow
        return (not meant, not runs, slow, one.size if by_size else -one.size)

    return sorted(found, key=place)


def sentences(one: Advice, machine: Machine) -> Iterator[str]:
    """What a writer wants to know of it, in the order of what matters."""
    yield _purposes(one)
    if one.refused:
        yield one.refused
    if one.speed is not None:
        first = _first(one.speed.first_ms / 1000, "" if one.speed.measured else "about ")
        how = "" if one.speed.measured else " (foretold)"
        yield f"Writes {pace(one.speed.words)}; first word after {first}{how}."
    yield _memory(one, machine)
    if one.languages:
        yield f"Languages: {one.languages}."
    if one.notes:
        yield one.notes
    yield f"Licence: {one.licence}{f', {one.terms}' if one.terms else ''}."


_GOOD = {
    "ghost": "going on with your text",
    "instructions": "following instructions",
    "languages": "other languages than English",
}


def _purposes(one: Advice) -> str:
    good = [_GOOD[purpose] for purpose in one.good_for]
    text = f"Good at {' and at '.join(good)}."
    if one.kind == "instruct" and "ghost" not in one.good_for:
        text += " As a ghost it tends to answer where it should go on."
    return text


def pace(words: float) -> str:
    """Words a second, as one knows them from reading, speaking and typing."""
    for most, text in (
        (1.2, "slower than one types"),
        (2.0, "about as fast as one types"),
        (3.2, "about as fast as one speaks"),
        (6.0, "about as fast as one reads"),
        (15.0, "faster than one reads"),
    ):
        if words < most:
            return text
    return "much faster than one reads"


def _first(seconds: float, about: str) -> str:
    return f"{about}{seconds:.1f} s" if seconds >= 0.1 else "less than 0.1 s"


def _memory(one: Advice, machine: Machine) -> str:
    need = _size(one.memory.total)
    if one.fits is False and machine.free is not None:
        return f"Does not fit: it needs {need} of memory, {_size(machine.free)} are free."
    whole = f" of the {_size(machine.total)} here" if machine.total is not None else ""
    return f"Needs {need}{whole}."


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
