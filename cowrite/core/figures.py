"""Figures of many suggestions that can be added up: sessions make them, statistics are read from them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

LATENCY_EDGES_MS = (100, 250, 500, 1000, 2000, 4000)
"""Upper edges of the latency classes; the last class is open."""


@dataclass(slots=True)
class Kept:
    """Accepted texts at one moment after the acceptance.

    persisting: those of which at least 67 % of the characters were still there. distance: Levenshtein, in
    characters.
    """

    texts: int = 0
    inserted: int = 0
    kept: float = 0.0
    persisting: int = 0
    unchanged: int = 0
    distance: int = 0

    def add(self, other: Kept) -> None:
        _add(self, other)


@dataclass(slots=True)
class PlaceFigures:
    """Whether suggestions of one kind of place were worth their look; in characters where not said otherwise.

    asked, seen, took: suggestions. wrong: of those seen, the ones that had better not been shown. seen_auto,
    wrong_auto: the same of those that nobody asked for. inserted, standing: what went into the draft, and
    what of it stands at the session's end; rested, standing_rest: the same of the texts that were looked at
    after 10 s of quiet. compared: refused texts of which is known what was typed in their place; overlap:
    the sum of their shares of that.
    """

    asked: int = 0
    seen: int = 0
    took: int = 0
    wrong: int = 0
    seen_auto: int = 0
    wrong_auto: int = 0
    inserted: int = 0
    standing: int = 0
    rested: int = 0
    standing_rest: int = 0
    compared: int = 0
    overlap: float = 0.0

    def add(self, other: PlaceFigures) -> None:
        _add(self, other)


@dataclass(slots=True)
class Figures:
    """Counts over suggestions; all in characters where not said otherwise.

    seen: on screen for 750 ms or more. offered, taken: of what was seen, the text that was offered and what
    went into the draft of it. inserted: all that went into the draft; by_hand: the part that was typed
    through; kept: what of it stands at settle. keys: strokes spent on suggestions: asking, cycling,
    accepting, refusing, correcting.
    """

    requests: int = 0
    auto: int = 0
    shown: int = 0
    seen: int = 0
    took: int = 0
    took_seen: int = 0
    offered: int = 0
    taken: int = 0
    inserted: int = 0
    by_hand: int = 0
    kept: float = 0.0
    keys: int = 0
    shown_ms: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    survival: dict[str, Kept] = field(default_factory=dict)
    latency: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """By class of `LATENCY_EDGES_MS`: requests, those seen, those seen of which something was taken."""

    places: dict[str, PlaceFigures] = field(default_factory=dict)
    """By `core.places.Place`."""

    def add(self, other: Figures) -> None:
        """Count the other's suggestions too."""
        _add(self, other)


@dataclass(slots=True)
class Text:
    """Characters by who brought them: `typed`, `pasted`, `model`, and `deleted` by anybody."""

    typed: int = 0
    pasted: int = 0
    model: int = 0
    deleted: int = 0

    def add(self, other: Text) -> None:
        _add(self, other)


@dataclass(slots=True)
class SessionFigures:
    """One session's figures. `groups` are by model and parameters; `shares` are of the draft at its end, as
    are `openers`: how many sentences each author began. quiet: why nothing was shown, how often; reasons:
    what the writer said of suggestions, how often. instructed, obeyed: by model, how often it was told what to
    do with a passage or asked about the draft, and how often something was taken of what it made of it.
    origin: as of `SessionInfo`."""

    session_id: str
    document_id: str
    document: str
    started_ms: int
    events: int = 0
    length: int = 0
    shares: dict[str, int] = field(default_factory=dict)
    text: Text = field(default_factory=Text)
    openers: dict[str, int] = field(default_factory=dict)
    quiet: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    instructed: dict[str, int] = field(default_factory=dict)
    obeyed: dict[str, int] = field(default_factory=dict)
    groups: list[tuple[str, str, Figures]] = field(default_factory=list)
    origin: str = "cowrite"

    @property
    def requests(self) -> int:
        """Suggestions that were asked for."""
        return sum(figures.requests for _, _, figures in self.groups)


def latency_class(milliseconds: float) -> int:
    """The index of the class that a latency falls in."""
    for index, edge in enumerate(LATENCY_EDGES_MS):
        if milliseconds < edge:
            return index
    return len(LATENCY_EDGES_MS)


def _add(mine: object, other: object) -> None:
    for one in fields(mine):  # type: ignore[arg-type]
        here, there = getattr(mine, one.name), getattr(other, one.name)
        if isinstance(here, dict):
            for key, value in there.items():
                _add_entry(here, key, value)
        else:
            setattr(mine, one.name, here + there)


def _add_entry(here: dict[object, object], key: object, value: object) -> None:
    before = here.get(key)
    if isinstance(value, Kept | PlaceFigures):
        if before is None:
            before = here[key] = type(value)()
        _add(before, value)
    elif isinstance(value, tuple):
        empty = (0,) * len(value)
        assert before is None or isinstance(before, tuple)
        here[key] = tuple(a + b for a, b in zip(before or empty, value, strict=True))
    else:
        assert isinstance(value, int)
        here[key] = value + (before if isinstance(before, int) else 0)
