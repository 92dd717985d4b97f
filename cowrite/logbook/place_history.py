"""The history of a place: all that was ever generated there, and behind each text what went on from it.

`read_history` runs on a thread of its own, reads the newest sessions first and tells what it has found so far.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from cowrite.core.accepted_spans import chain_end, chain_start
from cowrite.core.document import Document, one_line_end
from cowrite.core.provenance import Provenance
from cowrite.core.segmentation import word_end
from cowrite.core.suggestion import Candidate, Earlier, one_kind_of_line
from cowrite.store import Journal, LogReader, Store
from cowrite.store import generations as places
from cowrite.store.derived import Derived
from cowrite.store.generations import PLACE_LENGTH, Generation, Mark, place_key

FLUSH_S = 1.0
"""How long to wait for what was written last to be in the log."""

_VERSION = 1
_MOST = 600
"""Texts in a tree. The oldest of a place that has more are left out."""
_EVERY = 0.3
"""Seconds between two trees that are told while the log is being read."""
_REST = 0.002
"""Seconds of rest between two looks at the log, for the interface's thread."""


@dataclass(frozen=True, slots=True)
class Root:
    """Where a tree begins, in the draft as it was when it was asked for.

    offset: the place, code points. before: the text up to it, as far as it makes a place. whole: whether
    that is all. path: the text from there to the cursor. All line endings are `\\n`.
    """

    offset: int
    before: str
    whole: bool
    path: str


@dataclass(slots=True, eq=False)
class Node:
    """A text that was generated. path: what stands between the root and it. index: which candidate it was.

    closing: how its suggestion ended where this was the candidate shown then, else empty.
    """

    text: str
    path: str
    suggestion_id: str
    index: int
    closing: str = ""
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    def ended(self, closing: str) -> None:
        """It ended so when it was generated again; an empty text says nothing."""
        self.closing = closing or self.closing

    @property
    def whole(self) -> str:
        """The text from the root to this one's end."""
        return self.path + self.text


@dataclass(frozen=True, slots=True)
class Found:
    """A tree, as far as the log was read: `read` of `sessions` sessions."""

    nodes: tuple[Node, ...]
    read: int
    sessions: int

    @property
    def done(self) -> bool:
        """Whether all was read."""
        return self.read >= self.sessions


@dataclass(frozen=True, slots=True)
class Target:
    """Where a text of the tree can be shown: offset, how much of the draft it replaces, and which text."""

    at: int
    replaces: int
    text: str


def root_at(document: Document, provenance: Provenance, cursor: int) -> Root:
    """The root for a cursor: where the accepted text that it stands in or behind begins."""
    start = chain_start(provenance, cursor)
    low = max(0, start - 2 * PLACE_LENGTH - 2)
    before = one_line_end(document.slice(low, start))
    path = one_line_end(document.slice(start, cursor))
    return Root(start, before, low == 0, path)


def logged_candidates(
    store: Store | None, journal: Journal | None, suggestion_id: str
) -> tuple[Candidate, ...]:
    """The candidates of a suggestion of any session; none where the log has not kept them.

    store: the window's; another connection to the same file is used, so that any thread may call this.
    Raises StoreError.
    """
    if store is None:
        return ()
    if journal is not None:
        journal.flush(FLUSH_S)
    with LogReader.open(store.path) as own:
        return places.generated(own, suggestion_id)


def read_history(
    store: Store,
    journal: Journal,
    document: Path | None,
    root: Root,
    cache: Path,
    tell: Callable[[Found], object],
    wanted: Callable[[], bool],
) -> None:
    """Read the log for a place, newest session first, and tell the tree as it grows.

    cache: where the places of sessions that were read once are kept, without any text. wanted: false when
    nobody waits for it any more. Raises StoreError.
    """
    journal.flush(FLUSH_S)
    name = str(document.absolute()) if document is not None else None
    kept = Derived(cache, _VERSION)
    try:
        with LogReader.open(store.path) as own:
            _read(own, places.sessions_of(own, name, journal.session_id), kept, root, tell, wanted)
    finally:
        kept.close()


def _read(
    log: LogReader,
    sessions: list[tuple[int, str, int]],
    kept: Derived,
    root: Root,
    tell: Callable[[Found], object],
    wanted: Callable[[], bool],
) -> None:
    known = kept.all()
    tree = _Tree(log, root)
    told = time.monotonic()
    for read, (number, session_id, last) in enumerate(sessions, 1):
        marks = _known(known.get(session_id), last)
        if marks is None:
            marks = []
            for mark in places.marks_of(log, number):
                if mark is not None:
                    marks.append(mark)
                else:
                    time.sleep(_REST)
                    if not wanted():
                        return
            kept.put(session_id, last, msgspec.msgpack.encode(marks))
        tree.add(number, marks)
        if read == len(sessions) or time.monotonic() - told > _EVERY:
            tell(Found(tree.grown(), read, len(sessions)))
            told = time.monotonic()
    if not sessions:
        tell(Found((), 0, 0))


def _known(value: tuple[int, bytes] | None, last: int) -> list[Mark] | None:
    """The places of a session from an earlier reading, None where events came since."""
    if value is None or value[0] != last:
        return None
    try:
        return msgspec.msgpack.decode(value[1], type=list[Mark])
    except msgspec.MsgspecError:
        return None


class _Tree:
    """Finds the requests of a place and of the places behind their texts."""

    def __init__(self, log: LogReader, root: Root) -> None:
        self._log, self._root = log, root
        self._at: dict[int, list[tuple[int, int]]] = {}
        self._loaded: dict[tuple[int, int], Generation | None] = {}

    def add(self, number: int, marks: list[Mark]) -> None:
        """Take the requests of one more session."""
        for seq, key in marks:
            self._at.setdefault(key, []).append((number, seq))

    def grown(self) -> tuple[Node, ...]:
        """The tree of what was added so far."""
        top: list[Node] = []
        waiting: deque[tuple[str, Node | None, list[Node]]] = deque([("", None, top)])
        seen, count = {""}, 0
        while waiting and count < _MOST:
            path, parent, siblings = waiting.popleft()
            for node in self._nodes(path, parent, _MOST - count):
                siblings.append(node)
                count += 1
                for size in _cuts(node.text):
                    further = path + node.text[:size]
                    if further not in seen and self._key(further) in self._at:
                        seen.add(further)
                        waiting.append((further, node, node.children))
        return tuple(top)

    def _key(self, path: str) -> int:
        root = self._root
        return place_key(root.before + path, whole=root.whole)

    def _nodes(self, path: str, parent: Node | None, most: int) -> Iterator[Node]:
        """The texts that were generated at a place, each once, in the order they came."""
        nodes: dict[str, Node] = {}
        for place in sorted(self._at.get(self._key(path), ()))[-most:]:
            made = self._load(place)
            if made is None:
                continue
            for index, raw in enumerate(made.texts):
                text = one_kind_of_line(raw)
                closing = made.closing if index == made.closed else ""
                node = nodes.get(text)
                if node is not None:
                    node.ended(closing)
                elif text and not made.again:
                    nodes[text] = Node(text, path, made.suggestion_id, index, closing, parent)
        return iter(list(nodes.values())[:most])

    def _load(self, place: tuple[int, int]) -> Generation | None:
        if place not in self._loaded:
            self._loaded[place] = places.generation(self._log, *place)
        return self._loaded[place]


def _cuts(text: str) -> Iterator[int]:
    """Where an acceptance of a part of a text may have ended: behind each of its words."""
    at = 0
    while at < len(text):
        at += max(1, word_end(text[at:]))
        yield at


def target_of(document: Document, provenance: Provenance, root: Root, node: Node) -> Target | None:
    """Where to show a text of a tree: as far along its path as the draft goes with it.

    None where the draft was changed since, so that the root is not there any more.
    """
    low = max(0, root.offset - len(root.before) - PLACE_LENGTH)
    before = one_line_end(document.slice(low, root.offset))
    if before[-PLACE_LENGTH:] != root.before[-PLACE_LENGTH:]:
        return None
    newline = document.newline
    step: Node | None = node
    while step is not None:
        path = step.path.replace("\n", newline)
        end = root.offset + len(path)
        if document.slice(root.offset, end) == path:
            replaces = chain_end(provenance, end) - end
            return Target(end, replaces, node.whole[len(step.path) :])
        step = step.parent
    return Target(root.offset, chain_end(provenance, root.offset) - root.offset, node.whole)


def earlier(node: Node, target: Target, candidates: tuple[Candidate, ...]) -> tuple[Earlier, int]:
    """A text of the tree as something to show again, and which of its candidates.

    candidates: those of its suggestion, with their tokens; they come along where nothing stands before it.
    """
    same = node.index < len(candidates) and one_kind_of_line(candidates[node.index].text)
    if target.text != node.text or same != node.text:
        return Earlier(node.suggestion_id, (Candidate(target.text),)), 0
    kept = [(index, one) for index, one in enumerate(candidates) if one.text]
    index = [number for number, _ in kept].index(node.index)
    return Earlier(node.suggestion_id, tuple(one for _, one in kept)), index
