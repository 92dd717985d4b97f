"""Full stops that end no sentence: of abbreviations, initials and ordinals.

Where a word may be either (`in the U.K.`), the next word tells: a small word with a capital begins a sentence,
a name does not. Punkt (Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection", 2006) learns
such words from a text; there are few of them, so they are written down here.
"""

from __future__ import annotations

import re

_TITLES = re.compile(
    r"""mrs? | ms | mx | dr | drs | prof | st | ste | messrs | mme | mlle | mgr | m | hr | fr | frl | sra?
    | srta | uds? | gen | col | maj | adm | brig | capt | cmdr | lt | sgt | cpl | pvt | rev | hon | gov | sen
    | rep | pres | supt | insp | det | mt | ft | vs? | viz | cf | e\.g | i\.e | eg | ie | a\.k\.a | z | z\.b
    | d\.h | u\.a | s\.o | bzw | ggf | evtl | inkl | exkl | sog | vgl | geb | dipl | dipl\.-ing | ca | approx
    | dept | op | p\.ex | ex | sig | sigg | dott | avv | dhr | mevr | bijv | o\.a | t\.ex | bl\.a | np | ul
    | \u015bw | \u0433 | \u0443\u043b | \u0438\u043c | \u0441\u0442\u0440""",
    re.VERBOSE,
)
"""Abbreviations that something always follows."""

_NUMBERED = re.compile(
    r"""nos? | nr | n[\u00bar]? | pp? | figs? | vols? | ch | chap | art | sec | pt | para | ver | eq | bk | sc
    | al | bd | s | hl? | abb | abs | kap | str | tel | anm | kl | p\u00e1gs? | n\u00fam | est | b | d | c
    | jan | feb | mar | apr | jun | jul | aug | sept? | o[ck]t | nov | de[cz]""",
    re.VERBOSE,
)
"""Abbreviations before a number, some of them words as well: `No.` ends a sentence, `No. 5` does not."""

_NUMBER = re.compile(r"\(?(?:\d|[IVXLC]+\b(?!['\u2019]))|[^\W\d_]{1,4}\.\s*\d")
"""Also behind another abbreviation: `s. S. 12`."""

_HALF_NUMBER = re.compile(r"\(|\(?[IVXLC]+|[^\W\d_]{1,4}(?:\.\s*)?")

_STREETS = frozenset(
    ("st", "m", "fr", "ca", "col", "gen", "rep", "ex", "sig", "ul", "op", "v", "z")
)
"""Titles that may end a sentence, too: `He lives on Baker St. It rains.`"""

_HOURS = frozenset(("a.m", "p.m", "a. m", "p. m"))

_BEHIND_HOURS_TEXT = (
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december est edt cst cdt mst mdt pst pdt gmt utc bst cet cest"
)
_BEHIND_HOURS = frozenset(_BEHIND_HOURS_TEXT.split())

_STARTERS_TEXT = (
    "the a he she it they we you i this that these those there here then now when where what who why how if"
    " but and or so yet for in on at to from by with after before while as his her its their my our your some"
    " all no not nobody nothing everyone everybody everything somebody someone something one two once just"
    " even only still perhaps maybe however meanwhile later soon suddenly finally yes well oh because since"
    " although though until each every both many most few another such instead nor never always sometimes it's"
    " he's she's i'm i'd i'll they're we're that's there's don't didn't er sie es wir ihr ich dann da und aber"
    " im am auf mit nach vor als wenn doch nun hier dort il elle on nous vous ils elles je puis et mais dans"
    " c'est ella ellos yo pero entonces"
)
_STARTERS = frozenset(_STARTERS_TEXT.split())
"""Words that begin sentences and no names: with a capital behind a full stop, they begin one."""

_AFTER_ORDINAL_TEXT = (
    "januar jänner februar märz april mai juni juli august september oktober november dezember jahrhundert"
    " jahrhunderts kapitel stock stockwerk klasse auflage weltkrieg weltkriegs weltkrieges geburtstag etage"
    " bezirk mal platz rang reihe woche lebensjahr band akt teil"
)
_AFTER_ORDINAL = tuple(_AFTER_ORDINAL_TEXT.split())
"""German writes ordinals with a full stop: `am 3. Mai`, `im 19. Jahrhundert`."""

_BEFORE_ORDINAL_TEXT = (
    "am im vom zum zur beim der die das dem den des jeder jede jedes jeden jedem ihr ihre ihrem ihren sein"
    " seine seinem seinen mein meine meinem meinen unser unsere unserem"
)
_BEFORE_ORDINAL = frozenset(_BEFORE_ORDINAL_TEXT.split())

_WORD = re.compile(r"[^\W_]*(?:['\u2019][^\W_]+)*")
_WORD_BEFORE = re.compile(r"[^\s\"'(\[\u2018\u201c\u201e\u00ab\u00bb\u2014\u2013]*\Z")
_PREVIOUS = re.compile(r"([^\W\d_]+)\.?[ \u00a0\u202f]\Z")
_LETTER = re.compile(r"[^\W\d_]\Z")
_SPACED_LETTER = re.compile(r"(?<![^\W_])[^\W\d_]\.[ \u00a0\u202f]?\Z")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]\Z")
_DOUBLED = re.compile(r"([A-Z])\1\Z")
_LONGEST_WORD = 24


def is_abbreviation(text: str, start: int, stop: int, ahead: int, *, final: bool) -> bool | None:
    """Whether the full stop at `stop` is part of the word before it, by the word at `ahead` behind it.

    start: where the sentence begins, before which nothing is looked at. None while that is not known: the
    word behind it is not written yet.
    """
    match = _WORD_BEFORE.search(text[max(start, stop - _LONGEST_WORD) : stop])
    word = match.group() if match else ""
    low = word.lower()
    before = text[max(start, stop - len(word) - _LONGEST_WORD) : stop - len(word)]
    if _TITLES.fullmatch(low) or word == "MM":
        return _unless_begun(text, ahead, final=final) if low in _STREETS else True
    if word.isdecimal() and len(word) <= 2:
        return _is_ordinal(text, start, stop - len(word), before, ahead, final=final)
    spaced = _LETTER.match(word) and _SPACED_LETTER.search(before)
    if low in _HOURS or (spaced and f"{before.rstrip()[-2:]} {low}".lower() in _HOURS):
        return _next_is(_BEHIND_HOURS, text, ahead, final=final)
    letters = _INITIALS.match(word) and word != "I"
    if letters and word.isupper() and not text[start : stop - len(word)].strip():
        return True  # the letter of a list's item, or a name's first
    if letters and (word.isupper() or len(word) > 1 or spaced):
        return _unless_begun(text, ahead, final=final)
    if _DOUBLED.match(word) and text[ahead].isupper():
        if ahead + 1 == len(text) and not final:
            return None
        return _DOUBLED.match(text[ahead : ahead + 2]) is not None
    if _NUMBERED.fullmatch(low):
        return _has_number(text, ahead, final=final)
    return False


def _has_number(text: str, ahead: int, *, final: bool) -> bool | None:
    if not final and _HALF_NUMBER.fullmatch(text, ahead):
        return None
    found = _NUMBER.match(text, ahead)
    # `No. I don't`: the one figure that is a word, too.
    alone = found is not None and text[ahead] == "I" and found.end() == ahead + 1
    return found is not None and not alone


def _is_ordinal(
    text: str, start: int, at: int, before: str, ahead: int, *, final: bool
) -> bool | None:
    """Whether the number at `at` is an ordinal, or that of a list's item."""
    if not text[start:at].strip():
        return True
    if text[ahead].isdigit() and re.search(r"(?:\A|\s)(?:\w+|\d{1,2}\.)\s\Z", before):
        previous = _PREVIOUS.search(before)
        return before.rstrip()[-1:] == "." or (
            previous is not None and previous[1].lower() in _BEFORE_ORDINAL
        )
    known = _next_is(_AFTER_ORDINAL, text, ahead, final=final)
    if known is not False:
        return known
    previous = _PREVIOUS.search(before)
    if previous is None or previous[1].lower() not in _BEFORE_ORDINAL:
        return False
    return _unless_begun(text, ahead, final=final)


def _unless_begun(text: str, ahead: int, *, final: bool) -> bool | None:
    """True unless the word at `ahead` begins a sentence; None while the word may yet become such a one."""
    end = _end_of_word(text, ahead)
    word = text[ahead:end].lower().replace("\u2019", "'")
    if not word[:1].isalpha() or not text[ahead].isupper():
        return True
    if end == len(text) and not final:
        return None if any(one.startswith(word) for one in _STARTERS) else True
    if len(word) == 1 and text[end : end + 1] == ".":
        return True  # another initial
    return word not in _STARTERS


def _next_is(
    words: frozenset[str] | tuple[str, ...], text: str, ahead: int, *, final: bool
) -> bool | None:
    end = _end_of_word(text, ahead)
    word = text[ahead:end].lower()
    if end == len(text) and not final and word:
        return None if any(one.startswith(word) for one in words) else False
    return word in words


def _end_of_word(text: str, start: int) -> int:
    match = _WORD.match(text, start)
    end = match.end() if match else start
    # An apostrophe at the very end may belong to the word.
    return end + 1 if text[end : end + 1] in ("'", "\u2019") and end + 1 == len(text) else end
