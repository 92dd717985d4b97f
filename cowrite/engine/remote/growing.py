"""One candidate that a server writes: its text between what stands in the draft, and where it ends.

A server is asked behind the last word, without the spaces that the draft ends in, since most tokens begin with
their space. So the seam is ours to heal: a space that is there already is not taken twice, and one that a
server loses is put back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cowrite.core.suggestion import Candidate, StopReason, Token, one_kind_of_line
from cowrite.engine.generation.attempt import Ending
from cowrite.engine.generation.stopping import Stopping
from cowrite.engine.remote.hearing import Delta

_BLANKS = " \t"

_A_TOKEN = 32
"""Characters that a token has at most, on the whole: what goes on beyond is an answer without an end."""

_PIECES = 4
"""Pieces that a token comes in at most: a character of several bytes may come byte by byte."""

_FINISHED = {"length": StopReason.LENGTH, "stop": StopReason.END}


@dataclass(frozen=True, slots=True)
class Seam:
    """Where a candidate is put on. owed: the draft ends in spaces that the server was not shown.

    loses: the server leaves out the space that its answer begins with. keeps: it is known not to. fresh: the
    draft ends with a line's end, or is empty. letter: it ends in a letter or digit, behind which a word that
    stands for itself needs a space.
    """

    owed: bool = False
    loses: bool = False
    keeps: bool = False
    fresh: bool = False

    @classmethod
    def at(cls, before: str, *, loses: bool, keeps: bool) -> Seam:
        """The seam behind this text."""
        bare = before.rstrip(_BLANKS)
        return cls(len(bare) < len(before), loses, keeps, not bare or bare[-1] == "\n")

    def heal(self, raw: str) -> str | None:
        """A text as it stands behind the draft; None where it goes on with a word that was ended."""
        body = raw.lstrip(_BLANKS)
        if not raw or self.fresh:
            return body
        spaced = len(body) < len(raw)
        if self.owed:
            return None if self.keeps and not spaced and body[:1].isalnum() else body
        if spaced:
            return body if body[:1] == "\n" else " " + body
        return " " + raw if self.loses and raw[0].isalnum() else raw


@dataclass(slots=True)
class Growing:
    """A candidate in the making. most: the most tokens of it."""

    number: int
    ending: Ending
    most: int
    seam: Seam | None = None
    """None of an answer to a task, which stands for itself."""
    stop: StopReason | None = None
    streamed: str = ""
    begun: bool = False
    _taken: int = 0
    _raw: str = ""
    _tokens: list[Token] = field(default_factory=list)
    _final: str = ""

    @property
    def text(self) -> str:
        """What it says so far, as it stands behind the draft."""
        raw = one_kind_of_line(self._raw)
        if self.seam is None:
            return without_thoughts(raw)
        return self.seam.heal(raw) or ""

    def take(self, delta: Delta) -> None:
        """Add what has come, and end where that is an end."""
        self.begun = True
        self._taken += bool(delta.text)
        self._raw += delta.text
        self._tokens += delta.tokens
        if self.seam is not None and self._raw and self.seam.heal(self._raw) is None:
            self.end(StopReason.END)
            return
        text = self.text
        if (verdict := self.ending.judge(text)) is not None:
            self._end(verdict.text, verdict.stop)
        elif delta.finish:
            self._end(text, _FINISHED.get(delta.finish, StopReason.END))
        elif len(self._raw) > self.most * _A_TOKEN or self._taken > self.most * _PIECES + _A_TOKEN:
            self._end(text, StopReason.LENGTH)
        elif isinstance(self.ending, Stopping):
            wrong = self.ending.banned_at(text, final=False)
            if wrong is not None:
                self._end(text[:wrong], StopReason.END)

    def end(self, stop: StopReason) -> None:
        """End it here."""
        if self.stop is None:
            self._end(self.text, stop)

    def _end(self, text: str, stop: StopReason) -> None:
        ending = self.ending
        if isinstance(ending, Stopping):
            wrong = ending.banned_at(text, final=True)
            text = text if wrong is None else text[:wrong]
            if stop is not StopReason.CANCELLED and ending.is_no_good(text, stop):
                text = ""
        self._final, self.stop = ending.finish(text), stop

    def again(self) -> None:
        """Drop all that was written: it is written anew."""
        self._raw = self.streamed = self._final = ""
        self._tokens.clear()
        self.begun, self.stop = False, None

    def drop(self) -> None:
        """It says what another one says: nothing is left of it."""
        self._final = ""

    def fresh(self) -> str:
        """What can be shown since the last call."""
        shown = self.ending.shown(self.text) if self.stop is None else self._final
        if len(shown) <= len(self.streamed) or not shown.startswith(self.streamed):
            return ""
        piece = shown[len(self.streamed) :]
        self.streamed = shown
        return piece

    @property
    def candidate(self) -> Candidate:
        """It as it is now."""
        text = self._final if self.stop is not None else self.streamed
        return Candidate(text, self._used(text), self.stop)

    def _used(self, text: str) -> tuple[Token, ...]:
        """The tokens that the text is made of; none where the server's are not those of its text."""
        said = "".join(token.text for token in self._tokens)
        whole = self.text
        if not text or said != self._raw or "\r" in said or not said.endswith(whole.lstrip(" ")):
            return ()
        skip = len(said) - len(whole)
        used: list[Token] = []
        at = -skip
        for token in self._tokens:
            end = at + len(token.text)
            if end > 0 and at < len(text):
                cut = token.text[max(0, -at) :]
                used.append(token if cut == token.text else replace(token, text=cut))
            at = end
        if skip < 0 and used:
            used[0] = replace(used[0], text=whole[:-skip] + used[0].text)
        if skip and used:
            space = " " if skip < 0 else ""
            others = ((space + text.lstrip(_BLANKS), sure) for text, sure in used[0].alternatives)
            used[0] = replace(used[0], alternatives=tuple(others))
        return tuple(used)


def without_thoughts(text: str) -> str:
    """An answer without what a model thought before it; empty while it thinks."""
    body = text.lstrip()
    if body.startswith("<think>"):
        return body.partition("</think>")[2]
    return "" if body and "<think>".startswith(body) else text
