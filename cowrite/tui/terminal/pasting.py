"""A bracketed paste while it comes in: where it ends, and what of it can be written down before. Pure.

A paste ends with its end mark. Where that never comes (a connection that was cut, a terminal that forgot
it), it ends when nothing more has come for a while, or with a key that can't be text: one that came by itself
and was followed by nothing. Until then nothing in it is a key, whatever it looks like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cowrite.tui.terminal.answers import is_report
from cowrite.tui.terminal.keyreports import is_line_break, is_text, presses, unwrapped

BEGINS = "\x1b[200~"
ENDS = "\x1b[201~"

PATIENCE, FAR_PATIENCE = 0.8, 1.6
"""Seconds without a byte after which a paste without an end mark is over; far: over a network."""
KEY_PATIENCE = 0.5
"""Seconds after a key that can't be text, in which more of the paste may still come."""
PIECE = 0.3
"""Seconds after which what has come is delivered, so that it is in the journal, while the rest comes."""

_PARTIAL = r"(?:\x1b(?:\[[0-9:;]{0,24})?|\r)\Z"
"""An end that more may belong to: of the end mark, of a report, of a line break."""
_LONGEST_PARTIAL = 32
_TOKEN = r"(?s)\x1b\[[0-?]*[ -/]*[@-~]|\x1bO[@-~]|\x1b[^\x1b\[O]?|."


@dataclass(frozen=True, slots=True)
class Pasted:
    """A paste, verbatim but for line breaks that were made key reports. goes_on: more of the one before."""

    text: str
    goes_on: bool = False


class Paste:
    """One paste. Times are seconds of the caller's clock.

    far: over a network, where pauses are longer. goes_on: the rest of a paste that was taken for ended.
    """

    def __init__(self, now: float, *, far: bool = False, goes_on: bool = False) -> None:
        self._patience = FAR_PATIENCE if far else PATIENCE
        self._parts: list[str] = []
        self._partial = ""
        """What comes behind the parts, and may be the beginning of a mark."""
        self._keys = ""
        """What came by itself and may be keys, if nothing follows."""
        self._keys_at = self._last = self._delivered = now
        self._goes_on = goes_on

    @property
    def due(self) -> float:
        """When `expire` has something to do."""
        if self._keys:
            return self._keys_at + KEY_PATIENCE
        end = self._last + self._patience
        return min(end, self._delivered + PIECE) if self._parts else end

    def feed(self, text: str, now: float) -> tuple[Pasted | None, str | None]:
        """What can be delivered, and what comes behind the end mark; None where there was none yet."""
        self._last = now
        if only_keys(text):
            self._keys_at = self._keys_at if self._keys else now
            self._keys += text
            return None, None
        text, self._partial, self._keys = self._partial + self._keys + text, "", ""
        end = text.find(ENDS)
        if end >= 0:
            self._parts.append(text[:end])
            return self._deliver(now), text[end + len(ENDS) :]
        partial = re.search(_PARTIAL, text[-_LONGEST_PARTIAL:])
        if partial is not None:
            text, self._partial = text[: len(text) - len(partial[0])], partial[0]
        if text:
            self._parts.append(text)
        return (self._deliver(now) if now - self._delivered >= PIECE else None), None

    def expire(self, now: float) -> tuple[Pasted | None, str | None]:
        """The same when `due` has come; what comes behind is what was a key after all."""
        if now < self.due:
            return None, None
        if not self._keys and now < self._last + self._patience:
            return self._deliver(now), None
        if self._partial == "\r":
            self._parts.append(self._partial)
        return self._deliver(now), self._keys

    def _deliver(self, now: float) -> Pasted | None:
        self._delivered = now
        text, self._parts = "".join(self._parts), []
        if not text:
            return None
        goes_on, self._goes_on = self._goes_on, True
        return Pasted(unwrapped(text), goes_on)


def only_keys(text: str) -> bool:
    """Whether all of this is keys that can't be text, reports, or the beginning of one."""
    return all(_is_key(found[0]) for found in re.finditer(_TOKEN, text))


def _is_key(token: str) -> bool:
    if len(token) == 1:
        return token not in "\r\n\t" and not is_text(token)
    if token[1] not in "[O":
        return True
    found = presses(token)
    if found is None:
        return is_report(token)
    return not is_line_break(token) and not any(is_text(press.text or "") for press in found)
