"""Brings the writer's own words into the library: from the log, by who wrote them, and from files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from cowrite import files
from cowrite.core.document import Document
from cowrite.core.events import Edited, SessionInfo
from cowrite.core.front_matter import front_matter
from cowrite.core.replay import Replay, ReplayError
from cowrite.errors import CowriteError, UsageError
from cowrite.export.own_words import OwnWords, listed_words
from cowrite.learning.library import Library, Work
from cowrite.learning.screening import Reason, screen
from cowrite.paths import Paths
from cowrite.store import LogReader

STOOD_MS = 10 * 60 * 1000
"""How long accepted text has to stand before it may be learned from."""

FRESH = "/fresh"
"""What the state of a draft ends with that holds text which was accepted too lately."""

SUFFIXES = (".md", ".markdown", ".mdown", ".txt", ".text", "")
"""Of a folder, files that end so are taken; files that are named are taken whatever they are called."""

_OFFICE = (".docx", ".odt", ".doc", ".rtf", ".pdf", ".epub")
_DATE = re.compile(r"(?<!\d)(\d{4})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_FRONT_DATE = re.compile(r"(?im)^\s*date\s*[:=]\s*[\"']?(\d{4}-\d{2}-\d{2})")


@dataclass(slots=True)
class Added:
    """What an `add` did: works taken in, those known as they are, and a sentence for each that was not."""

    works: list[Work] = field(default_factory=list)
    known: int = 0
    troubles: list[str] = field(default_factory=list)


def private_words(paths: Paths) -> OwnWords:
    """The words that nothing is learned with: those of `redact.txt`, which exports leave out as well."""
    source = paths.config / "redact.txt"
    if not source.exists():
        return OwnWords(())
    return OwnWords(listed_words(source))


# From the log


def gather(library: Library, log: LogReader, paths: Paths, now_ms: int) -> int:
    """Bring the drafts of the log into the library; returns how many were new or had changed.

    Not those that no feedback is kept on, the tour, and sessions of other programs.
    """
    private = private_words(paths)
    mark = hashlib.sha256((_text_of(paths.config / "redact.txt")).encode()).hexdigest()[:8]
    known, running = library.states(), log.running()
    changed = 0
    for session in _last_sessions(log, paths):
        state = f"{session.session_id}/{session.ended_ms}/{mark}"
        is_open = session.session_id in running or session.ended_ms is None
        if known.get(session.document_id) == state and not is_open:
            continue
        work = _from_log(log, session, state, private, now_ms)
        if work is not None:
            library.put(work)
            changed += 1
    return changed


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _last_sessions(log: LogReader, paths: Paths) -> Iterator[SessionInfo]:
    """The last session of each draft that may be learned from."""
    tour = str(paths.data / "tour.md")
    last = {s.document_id: s for s in log.sessions(origin="cowrite") if s.document != tour}
    for session in last.values():
        switch = log.draft_switch(session.document)
        if switch is None or switch[1]:
            yield session


def _from_log(
    log: LogReader, session: SessionInfo, state: str, private: OwnWords, now_ms: int
) -> Work | None:
    """A draft as its last session left it; None for one without a word."""
    replay, fresh, last_ms = Replay(), set(), session.started_ms
    for stamped in log.events(session.session_id):
        try:
            replay.apply(stamped.body)
        except ReplayError:
            break
        last_ms = stamped.wall_ms
        if isinstance(stamped.body, Edited) and stamped.wall_ms > now_ms - STOOD_MS:
            taken = stamped.body.edit.suggestion_id
            if taken is not None:
                fresh.add(taken)
    if not replay.text.strip():
        return None
    screened = screen(replay.text, replay.runs, fresh=frozenset(fresh), private=private)
    title = Path(session.document).name
    if Reason.FRESH in screened.left_out:  # looked at again, when it has stood long enough
        state += FRESH
    return Work(session.document_id, title, session.document, False, last_ms, 0, state, screened)


# From files


def add(
    library: Library,
    named: Sequence[Path],
    paths: Paths,
    *,
    as_named: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Added:
    """Take earlier works in: files, and those of folders. `as_named`: in this order, not by their dates."""
    done = Added()
    private = private_words(paths)
    known = library.states()
    wanted = list(dict.fromkeys(one for path in named for one in _expanded(path, done)))
    for number, path in enumerate(wanted):
        if progress is not None:
            progress(number, len(wanted))
        try:
            work = _from_file(path, private, place=number if as_named else 0)
        except CowriteError as error:
            done.troubles.append(f"{error.message} {error.hint}".strip())
            continue
        if as_named:
            work = _at_newest(work, wanted)
        if known.get(work.document_id) == work.state:
            done.known += 1
            continue
        library.put(work)
        done.works.append(work)
    return done


def _expanded(path: Path, done: Added) -> Iterator[Path]:
    """The files that a path stands for; of a folder those that look like texts, without hidden ones."""
    if not path.exists():
        done.troubles.append(f"There is no file {path}.")
    elif path.is_dir():
        inner = (
            one
            for one in sorted(path.rglob("*"))
            if one.suffix.lower() in SUFFIXES
            and one.is_file()
            and not any(part.startswith(".") for part in one.relative_to(path).parts)
        )
        yield from (one.absolute() for one in inner)
    elif path.suffix.lower() in _OFFICE:
        done.troubles.append(
            f"{path} is no plain text. Save it as Markdown or text first, with pandoc say."
        )
    else:
        yield path.absolute()


def _from_file(path: Path, private: OwnWords, place: int) -> Work:
    """A file as a work. Raises DraftError where it can't be read, UsageError where it holds no prose."""
    loaded = files.load(path)
    screened = screen(loaded.text, private=private)
    if not screened.paragraphs:
        why = ", ".join(reason.value for reason in screened.left_out) or "it is empty"
        raise UsageError(f"There is nothing to learn from in {path}: {why}.")
    digest = hashlib.sha256(loaded.text.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    named = hashlib.sha256(str(loaded.real or path).encode("utf-8", "surrogateescape")).hexdigest()
    when = _date(path, loaded.text)
    return Work(
        f"file:{named[:24]}", path.name, str(path), True, when, place, f"{digest}/{place}", screened
    )


def _at_newest(work: Work, named: Iterable[Path]) -> Work:
    """The work at the time of the newest of those that were named with it, so that their order is the named."""
    newest = max(int(path.stat().st_mtime * 1000) for path in named)
    return replace(work, when_ms=newest)


def _date(path: Path, text: str) -> int:
    """When a text was written, in milliseconds: by its front matter, its name, or the file's time."""
    document = Document(text[:10_000])
    lines = front_matter(document.line, document.line_count)
    front = "\n".join(map(document.line, range(lines)))
    for found in (_FRONT_DATE.search(front), _DATE.search(path.name)):
        if found is not None:
            day = found[1] if found.re is _FRONT_DATE else "-".join(found.groups())
            try:
                return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)
            except ValueError:
                continue
    return int(path.stat().st_mtime * 1000)
