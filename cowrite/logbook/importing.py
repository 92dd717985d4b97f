"""Brings sessions of other programs into the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cowrite.errors import CowriteError
from cowrite.export.coauthor_reader import read_session
from cowrite.logbook.statistics import EVENTS_A_SECOND, keep_figures
from cowrite.paths import Paths, private_folder
from cowrite.store import Store


@dataclass(slots=True)
class Imported:
    """What an import did. `known`: files that were in the log already. `troubles`: those not read, and why."""

    sessions: int = 0
    events: int = 0
    known: int = 0
    troubles: list[str] = field(default_factory=list)

    def count(self, events: int) -> None:
        """Count a session that was read."""
        self.sessions += 1
        self.events += events

    def count_known(self) -> None:
        """Count a file that was in the log already."""
        self.known += 1


def import_coauthor(
    paths: Paths,
    files: Iterable[Path],
    *,
    code_points: bool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Read CoAuthor logs, each into a session of its own; all of a file or nothing of it.

    Their figures are made too, so that `stats` finds them.
    """
    done = Imported()
    wanted = [one for path in files for one in _expanded(path)]
    private_folder(paths.data)
    with Store.open(paths.log_file) as store:
        known = {session.session_id for session in store.reader.sessions(origin="coauthor")}
        for number, path in enumerate(wanted):
            if progress is not None:
                progress(number, len(wanted))
            try:
                info, events = read_session(path, code_points=code_points)
                if info.session_id in known:
                    done.count_known()
                    continue
                store.add_session(info, events)
            except CowriteError as error:
                done.troubles.append(f"{error.message} {error.hint}".strip())
                continue
            known.add(info.session_id)
            done.count(len(events))
    if done.sessions:
        keep_figures(paths, done.events / EVENTS_A_SECOND * 2 + 1)
    return done


def _expanded(path: Path) -> list[Path]:
    """A folder stands for the logs in it."""
    return sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
