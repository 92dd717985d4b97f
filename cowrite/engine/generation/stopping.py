"""Where a candidate's text ends, what of it can be shown already, and what must not be in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cowrite.core import segmentation
from cowrite.core.beginnings import NOTHING, Beginning, beginning_at
from cowrite.core.quotes import stray_quote
from cowrite.core.suggestion import StopAt, StopReason
from cowrite.engine.generation.mid_word import MidWord
from cowrite.engine.generation.repetition import OWN_RUN, Copying, half_repeated, repeated_words
from cowrite.engine.generation.sameness import same_simile

_LEAD = 160
"""Characters before the cursor that are looked at, to know `Mr`, `Am 3` and half of a banned phrase."""

_NEAR = 4000
"""Characters before the cursor that tell what kind of place it is."""

_RUN_IN = 10
"""Characters of the following text, to the end of a word, that show that a candidate ran into it."""

_TAG = "<"
"""What tags begin with: base models have read many web pages, and a draft without any is not one."""

_MARKS = ".,;:!?\u2026"
_QUOTES = tuple("\"'\u2018\u201c\u201e\u00ab")
_ENDS = tuple(segmentation.FULL_STOPS + segmentation.TERMINATORS + "\u2014\u2013-")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The candidate ends here: its text, and why."""

    text: str
    stop: StopReason


@dataclass(slots=True)
class Stopping:
    """The rules for one request: `before` and `after` are the draft on both sides of the cursor.

    loops: whether four words may be written twice. head: what stands before the draft and must not be copied.
    ends: texts that end a candidate and are left out of it.
    Four words in a row of what follows are not said either: behind them it would be the likeliest of all.
    """

    before: str
    after: str
    stop: StopAt
    banned: tuple[str, ...] = ()
    loops: bool = True
    head: str = ""
    ends: tuple[str, ...] = ()
    _copying: Copying = field(init=False)
    _echoing: Copying = field(init=False)
    _mid_word: MidWord = field(init=False)
    _lead: str = field(init=False, default="")
    _key: str = field(init=False, default="")
    _bans: re.Pattern[str] | None = field(init=False, default=None)
    _beginning: Beginning = field(init=False, default=NOTHING)
    _next: Beginning = field(init=False, default=NOTHING)

    def __post_init__(self) -> None:
        self._lead = self.before[-_LEAD:]
        near = self.before[-_NEAR:]
        self._beginning, self._next = beginning_at(near), beginning_at(f"{near}\n\n")
        self._key = _run_in_key(self.after)
        self._copying = Copying(self.head)
        self._echoing = Copying(self.after, OWN_RUN)
        self._mid_word = MidWord(self.before[-_NEAR:], self.after)
        phrases = [phrase.strip() for phrase in self.banned if phrase.strip()]
        if _TAG not in self.before + self.after:
            phrases.append(_TAG)
        if phrases:
            parts = "|".join(
                _phrase_pattern(phrase) for phrase in sorted(phrases, key=len, reverse=True)
            )
            self._bans = re.compile(parts, re.IGNORECASE)

    def judge(self, text: str) -> Verdict | None:
        """Whether the text written so far has come to an end of its own."""
        found = [at for end in self.ends if (at := text.find(end)) >= 0]
        if found:
            return Verdict(text[: min(found)], StopReason.END)
        run_in = text.find(self._key) if self._key else -1
        if run_in >= 0:
            return Verdict(text[:run_in], StopReason.SUFFIX)
        if self.stop is StopAt.SENTENCE:
            end = self._sentence_end(text)
            return None if end is None else Verdict(text[:end], StopReason.SENTENCE)
        if self.stop is StopAt.PARAGRAPH:
            body = len(text) - len(text.lstrip())
            end = text.find("\n", body)
            return None if end < 0 else Verdict(text[:end], StopReason.PARAGRAPH)
        return None

    def _sentence_end(self, text: str, *, final: bool = False) -> int | None:
        """The end of the first sentence that has a word of the candidate's own in it.

        final: also an end that the following text may yet take back.
        """
        whole = self._lead + text
        start = self._lead_start()
        while True:
            end = segmentation.sentence_end(whole, start, final=final)
            if end is None:
                return None
            own = end - len(self._lead)
            if own > 0 and any(map(str.isalnum, text[:own])):
                return own
            start = max(end, start + 1)

    def _lead_start(self) -> int:
        """Where in the lead to begin to read: at its last line's first whole word."""
        start = self._lead.rfind("\n") + 1
        if start or len(self._lead) < _LEAD:
            return start
        space = self._lead.find(" ")
        return space + 1 if 0 <= space < len(self._lead) - 1 else len(self._lead)

    def finish(self, text: str) -> str:
        """The text as it goes into the draft, between what is there already."""
        text = text.rstrip()
        after = self.after
        if not after or after[0] == "\n":
            return text
        if after[0] in _MARKS:
            return text.rstrip(_MARKS)
        if after[0].isspace() or not text or text[-1].isspace():
            return text
        inside_word = self.before[-1:].isalnum() and text[0].isalnum() and after[0].isalnum()
        return text if inside_word or not after[0].isalnum() else text + " "

    def shown(self, text: str) -> str:
        """What of the text will stay: a space at the end may go, and so may what looks like a run-in,
        like the beginning of a banned phrase or of a repeat, or like the beginning of another sentence."""
        hold = half_of((*self.ends, self._key), text)
        if self._bans is not None:
            hold = max(hold, self._half_banned(text))
        if not self.loops:
            hold = max(hold, half_repeated(text))
        hold = max(hold, self._copying.half(text), self._echoing.half(text))
        kept = text[: len(text) - hold]
        if (
            self.stop is StopAt.SENTENCE
            and (end := self._sentence_end(kept, final=True)) is not None
        ):
            kept = kept[:end]
        shown = kept.rstrip()
        if self.after[:1] and self.after[0] in _MARKS:
            shown = shown.rstrip(_MARKS)
        return shown

    def _half_banned(self, text: str) -> int:
        return half_of((phrase.strip().lower() for phrase in self.banned), text.lower())

    def banned_at(self, text: str, *, final: bool) -> int | None:
        """Where in the text a banned phrase, or the last word of a repeat or a copy, begins; None without one.

        A phrase that stands at the very end may yet become another word, unless the text is `final`.
        """
        repeat = None if self.loops else repeated_words(text, final=final)
        for wrong in (
            self._copying.at(text, final=final),
            self._misplaced(text),
            self._mid_word.wrong_at(text, final=final),
        ):
            repeat = wrong if repeat is None else repeat
        if repeat is None and not (self._key and self._key in text):
            repeat = self._echoing.at(text, final=final)
        if self._bans is None or repeat is not None:
            return repeat
        whole = self._lead + text
        for match in self._bans.finditer(whole):
            if match.end() > len(self._lead) and (final or match.end() < len(whole)):
                return max(0, match.start() - len(self._lead))
        return None

    def _misplaced(self, text: str) -> int | None:
        """Where a paragraph of the candidate's own begins as none of the draft does, a quotation ends that was
        never opened, or a simile is none."""
        blank = len(text) - len(text.lstrip())
        if "\n" in text[:blank] and blank < len(text) and not self._next.fits(text[blank:]):
            return blank
        simile = same_simile(self._lead, text)
        if simile is not None:
            return simile
        line = self._lead[self._lead.rfind("\n") + 1 :]
        at = stray_quote(line + text, whole=len(line) < _LEAD)
        return None if at is None or at < len(line) else at - len(line)

    def is_no_good(self, text: str, stop: StopReason | None) -> bool:
        """Whether an ended text says what stands behind the cursor anyway or, where a paragraph begins, is a
        title or a word alone."""
        if self.repeats_after(text):
            return True
        whole = stop in (StopReason.SENTENCE, StopReason.PARAGRAPH, StopReason.END)
        return whole and self._beginning.prose and _is_scrap(text)

    def repeats_after(self, text: str) -> bool:
        """Whether the text says what stands behind the cursor anyway."""
        words = _plain(text)
        return len(words) >= _RUN_IN and words in _plain(self.after)


def half_of(marks: Iterable[str], text: str) -> int:
    """How many characters at the end of a text may yet become one of these marks, or are one."""
    held = 0
    for mark in marks:
        for length in range(min(len(mark), len(text)), held, -1):
            if text.endswith(mark[:length]):
                held = length
                break
    return held


def _is_scrap(text: str) -> bool:
    """Whether a text is no prose: a word alone that nobody says, or a line without an end."""
    body = text.strip()
    spoken = body[:1] in _QUOTES
    if len(body.split()) < 2 and body.isascii():
        return not spoken
    return not body.rstrip("\"'\u2019\u201d\u00bb)").endswith(_ENDS)


def _run_in_key(after: str) -> str:
    """The beginning of the following text, long enough that nobody writes it by chance."""
    target = after.lstrip()
    if len(target) < _RUN_IN:
        return target if len(target) > 3 and any(map(str.isalnum, target)) else ""
    end = _RUN_IN
    while end < len(target) and target[end].isalnum() and end < 40:
        end += 1
    return target[:end]


def _phrase_pattern(phrase: str) -> str:
    body = r"\s+".join(re.escape(word) for word in phrase.split())
    return (
        (r"(?<!\w)" if phrase[0].isalnum() else "")
        + body
        + (r"(?!\w)" if phrase[-1].isalnum() else "")
    )


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def first_word(text: str) -> str:
    """The first word, in a form to compare; for a text of marks alone, the text."""
    words = _plain(text).split(maxsplit=1)
    return words[0] if words else text.strip() or text


def alike(first: str, second: str) -> bool:
    """Whether two candidates say nearly the same: the same first word, or four of five words in common."""
    if first_word(first) == first_word(second):
        return True
    one, two = set(_plain(first).split()), set(_plain(second).split())
    return len(one & two) >= 0.8 * max(1, min(len(one), len(two))) and min(len(one), len(two)) > 2
