"""Takes what is private out of texts on their way out: secrets, addresses, numbers, the writer's own words.

Patterns of this module's own: scanners of source code report lines and pieces of tokens where a redaction
needs the whole of it, and prose holds few kinds. What is found is replaced by its kind in brackets.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import NamedTuple

from cowrite.export.own_words import OwnWords

_SECRET = re.compile(
    r"""-----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----.*?(?:-----END[ ][A-Z ]*PRIVATE[ ]KEY-----|\Z)
    | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
    | \bgh[pousr]_[A-Za-z0-9]{30,}\b | \bgithub_pat_\w{30,} | \bglpat-[\w-]{18,}
    | \bxox[abeoprs]-[\w-]{10,} | \b[sr]k[-_](?:live|test|proj|ant)?[-_]?[\w-]{20,} | \bAIza[\w-]{30,}
    | \bnpm_[A-Za-z0-9]{30,} | \bpypi-[\w-]{40,} | \bhf_[A-Za-z0-9]{20,}
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*""",
    re.VERBOSE | re.DOTALL,
)
_NAMED_SECRET = re.compile(
    r"(?i)\b(?:pass(?:word|wd|phrase)|passcode|api[_ -]?key|secret|token|auth)\b['\"]?"
    r"\s*[:=]\s*['\"]?([^\s'\"]{6,})"
)
_LONG_TOKEN = re.compile(r"(?<![\w/+.-])[A-Za-z0-9+/_-]{24,}={0,2}(?![\w/+-])")
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?i)\b(?:(?:https?|ftp|ssh|file)://|www\.)[^\s<>\"'\])}]+")
_DIGITS = re.compile(r"(?<![\w.,])\d(?:[ -]?\d){12,18}(?![\w])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_PHONE = re.compile(
    r"""(?<![\w.,/-])(?:
      (?:\+|00)[1-9](?:[ ()./-]{0,3}\d){6,14}
    | \(0?\d{1,5}\)[ -]?\d{2,5}(?:[ -]?\d{2,5}){1,3}
    | 0\d{1,4}[ /-]\d{2,}(?:[ -]?\d{2,}){1,4}
    | \d{3}[-. ]\d{3}[-. ]\d{4}
    )(?![\w])""",
    re.VERBOSE,
)
_LEAST_PHONE_DIGITS = 7
_SHORTEST = 3
"""Characters of the shortest thing that a pattern finds."""

Span = tuple[int, int, str]
"""Start, end and kind of something to be taken out."""


class Beside(NamedTuple):
    """A redacted text, and what of its neighbours belongs to something private in it.

    begins: what begins before the text and goes on in it or past it, as a span from where `before` starts.
    ends: so many characters behind the text belong to something that began in it or before.
    """

    text: str
    begins: Span | None
    ends: int


@dataclass(slots=True)
class Report:
    """What was replaced: how often by kind, and some samples with most of them masked."""

    counts: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[str]] = field(default_factory=dict)

    def note(self, kind: str, found: str) -> None:
        self.counts[kind] += 1
        kept = self.samples.setdefault(kind, [])
        masked = mask(found)
        if len(kept) < 3 and masked not in kept:
            kept.append(masked)

    def lines(self) -> list[str]:
        """One line a kind, for people."""
        return [
            f"{count} x {kind}: {', '.join(self.samples[kind])}"
            for kind, count in sorted(self.counts.items())
        ]


def mask(found: str) -> str:
    """The first two characters and the last, the rest as dots; nothing of what is short."""
    found = " ".join(found.split())
    return f"{found[:2]}…{found[-1:]}" if len(found) >= 6 else "…"


class Redactor:
    """Replaces what is private in texts, and keeps the report.

    words: the writer's own list, found as whole words however they are written.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.report = Report()
        self._words = OwnWords(words)

    def text(self, text: str) -> str:
        """The text with all that is private replaced."""
        spans = self.find(text)
        return self._replaced(text, spans) if spans else text

    def beside(self, before: str, text: str, after: str) -> Beside:
        """The text redacted, seen together with what stands before and behind it."""
        border, size = len(before), len(text)
        begins: Span | None = None
        ends = 0
        spans: list[Span] = []
        whole = before + text + after
        for start, end, kind in self.find(whole):
            low, high = max(start - border, 0), min(end - border, size)
            if start < border < end:
                begins = (start, end, kind)
                if not text and end > border:  # it lies on no text that counts it
                    self.report.note(kind, whole[start:end])
            if start < border + size < end:
                ends = end - border - size
            if low < high:
                spans.append((low, high, kind))
        return Beside(self._replaced(text, spans) if spans else text, begins, ends)

    def name(self, path: str) -> str:
        """A draft's name without its folders, which tell who the writer is, and without private words."""
        return self.text(PurePath(path).name or path)

    def find(self, text: str) -> list[Span]:
        """What is private in the text: in order, without overlaps."""
        found: list[Span] = []
        longest = 0
        for start, end, kind in sorted(self._all(text), key=lambda span: span[0]):
            if not found or start >= found[-1][1]:
                found.append((start, end, kind))
                longest = end - start
                continue
            low, high, over = found[
                -1
            ]  # one goes on in the other: all of both, by the name of the longer
            if end - start > longest:
                longest, over = end - start, kind
            found[-1] = (low, max(high, end), over)
        return found

    def _all(self, text: str) -> Iterator[Span]:
        yield from ((start, end, "WORD") for start, end in self._words.find(text))
        if len(text) < _SHORTEST:
            return
        yield from _matches(_SECRET, text, "SECRET")
        for match in _NAMED_SECRET.finditer(text):
            yield match.start(1), match.end(1), "SECRET"
        if "@" in text:
            yield from _matches(_EMAIL, text, "EMAIL")
        yield from _matches(_URL, text, "URL")
        yield from _matches(_IBAN, text, "IBAN", _is_iban)
        yield from _matches(_DIGITS, text, "CARD", is_card)
        yield from _matches(_PHONE, text, "PHONE", _is_phone)
        yield from _matches(_LONG_TOKEN, text, "SECRET", _is_random)

    def _replaced(self, text: str, spans: list[Span]) -> str:
        out, at = [], 0
        for start, end, kind in spans:
            out += [text[at:start], f"[{kind}]"]
            self.report.note(kind, text[start:end])
            at = end
        return "".join([*out, text[at:]])


def _matches(
    pattern: re.Pattern[str], text: str, kind: str, check: Callable[[str], bool] | None = None
) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if check is None or check(match.group()):
            yield match.start(), match.end(), kind


def is_card(text: str) -> bool:
    """Whether the digits pass the check of Luhn, as those of payment cards do."""
    digits = [int(one) for one in text if one.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if index % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _is_iban(text: str) -> bool:
    compact = text.replace(" ", "")
    if not 15 <= len(compact) <= 34:
        return False
    return int("".join(str(int(one, 36)) for one in compact[4:] + compact[:4])) % 97 == 1


def _is_phone(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= _LEAST_PHONE_DIGITS


def _is_random(text: str) -> bool:
    """Whether a long token looks drawn by chance: all kinds of characters, none of them often."""
    kinds = (any(map(str.isdigit, text)), any(map(str.islower, text)), any(map(str.isupper, text)))
    if sum(kinds) < 2 or not kinds[0]:
        return False
    counts = Counter(text)
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    return entropy > (3.0 if re.fullmatch("[0-9a-fA-F]+", text) else 3.8)
