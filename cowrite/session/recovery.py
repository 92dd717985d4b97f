"""What an earlier session of the draft lost when it was cut off, until the writer has decided on it."""

from __future__ import annotations

from pathlib import Path

from cowrite.core.events import SettingChanged
from cowrite.session.draft_file import DraftFile
from cowrite.session.session_log import SessionLog
from cowrite.store import Recovery


class RecoveryOffer:
    """Offers what was `lost`, which is None where there is nothing to decide. The log still holds it after."""

    def __init__(self, lost: Recovery | None, file: DraftFile, log: SessionLog) -> None:
        self.lost = lost
        self._file, self._log = file, log

    def take(self) -> Recovery | None:
        """It is to be the draft again: what was lost."""
        return self._settle("recovered")

    def discard(self) -> None:
        """Go on with what is in the file."""
        self._settle("discarded")

    def save_beside(self) -> Path | None:
        """Write it into a file beside the draft; returns its path. Raises DraftError."""
        beside = self._file.save_copy(self.lost.text) if self.lost is not None else None
        if beside is not None:
            self._settle("saved beside")
        return beside

    def _settle(self, how: str) -> Recovery | None:
        lost, self.lost = self.lost, None
        if lost is not None:
            self._log.append(SettingChanged("recovery", how), durable=True)
        return lost
