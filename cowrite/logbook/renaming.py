"""Drafts whose files got other names: known again by what is in them, or by the writer's word."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePath

from cowrite import __version__, files
from cowrite.errors import CowriteError, UsageError, unknown
from cowrite.logbook.source import is_draft
from cowrite.paths import expanded
from cowrite.store import LogReader, Store
from cowrite.store.drafts import REPLACED
from cowrite.store.names import draft_key
from cowrite.store.recognising import Formerly, is_gone

SAID = "said"
"""How a rename is known that the writer has told."""


def known_again(log: LogReader, path: Path) -> Formerly | None:
    """The draft that a file is, where the log has it under another name only; it is read under this one then.

    None where there is no such file, and for one that the log knows by its name. Raises StoreError.
    """
    found = _recognised(log, path)
    if found is not None and found.moved:
        name = draft_key(str(path.absolute())) or ""
        if found.over:
            log.take_for_renamed(name, f"{name}{REPLACED}now)")
        log.take_for_renamed(found.path, name)
    return found


def take_along(store: Store, path: Path) -> None:
    """Log that a file is the draft that the log has under another name, if it is. Raises StoreError."""
    found = _recognised(store.reader, path)
    if found is not None and found.moved:
        name = str(path.absolute())
        store.rename(found.path, name, found.how, app_version=__version__, over=found.over)


def _recognised(log: LogReader, path: Path) -> Formerly | None:
    loaded = None
    with suppress(CowriteError):  # what is no draft is not one by another name either
        loaded = files.load(path) if path.is_file() else None
    if loaded is None or loaded.identity is None:
        return None
    return log.recognise(str(path.absolute()), loaded.text, loaded.identity.sha256)


def draft_called(log: LogReader, wanted: str) -> str:
    """What a draft is called today: `wanted` itself if it names one, by path, file name or id.

    Else the draft that had the name before, or whose file has it now. Raises UsageError, with the nearest name.
    """
    path = expanded(wanted)
    known_again(log, path)
    names: set[str] = set()
    for session in log.sessions():
        if is_draft(session, wanted):
            return wanted
        names.update((session.document, PurePath(session.document).name))
    today = log.name_today(str(path.absolute()))
    if today in names:
        return today
    raise unknown("draft in the log called", wanted, names)


def move(store: Store, old: Path, new: Path) -> list[tuple[str, str]]:
    """Log that a draft, or all drafts of a folder, have moved; returns the pairs of names.

    Only what can be so is taken: the old file is gone, the new one is there. Raises UsageError.
    """
    was, now = str(expanded(old).absolute()), str(expanded(new).absolute())
    if Path(now).is_dir():
        inside = _inside(store.reader, was, now)
        if inside:
            return [_move(store, one, other) for one, other in inside]
        now = str(Path(now) / PurePath(was).name)
    return [_move(store, was, now)]


def _inside(log: LogReader, was: str, now: str) -> list[tuple[str, str]]:
    """The drafts of a folder that went to another one, with the files they are there."""
    folder = (draft_key(was) or was).rstrip("/") + "/"
    known = sorted({one.document for one in log.sessions() if one.document.startswith(folder)})
    pairs = [(one, str(Path(now) / one.removeprefix(folder))) for one in known]
    return [(one, other) for one, other in pairs if Path(other).is_file() and is_gone(one, other)]


def _move(store: Store, was: str, now: str) -> tuple[str, str]:
    log = store.reader
    was = str(Path(draft_key(str(Path(was).parent)) or "", Path(was).name))
    if was == draft_key(now):
        raise UsageError(f"{was} is the same file by both names.", "There is nothing to join.")
    if not Path(now).is_file():
        raise UsageError(
            f"There is no file {now}.", "Move the file first; then tell the log of it."
        )
    if not is_gone(was, now):
        raise UsageError(
            f"{was} is still there: two files are two drafts.", "Move or remove it first."
        )
    own = log.name_today(was)
    if own is None:
        names = {
            name for one in log.sessions() for name in (one.document, PurePath(one.document).name)
        }
        raise unknown("draft in the log called", was, names)
    if own != was:
        raise UsageError(
            f"The log has {was} as {own} already.",
            "There is nothing to join."
            if own == draft_key(now)
            else f"cowrite log move {own} {now}",
        )
    if log.open_elsewhere(was) or log.open_elsewhere(now):
        raise UsageError("A window is writing that draft.", "Close it, and say it again.")
    store.rename(was, now, SAID, app_version=__version__)
    return was, now
