"""Who says it, behind a quotation that has a mark of its own: `"Stop!" Tom cried`; in Chinese, too.

With a small letter (`"Stop!" he cried`) it is plain that the sentence goes on; a name has a capital, as
a new sentence has.
"""

from __future__ import annotations

import re

_VERBS_TEXT = (
    "said says asked asks cried cries replied replies answered answers shouted shouts whispered whispers"
    " murmured murmurs muttered mutters exclaimed exclaims called calls demanded demands repeated repeats"
    " inquired enquired added adds began continued gasped roared yelled screamed snapped growled groaned"
    " moaned sobbed sighed laughed wondered thought observed remarked ejaculated returned retorted interrupted"
    " echoed protested faltered stammered bellowed hissed pleaded begged insisted suggested declared announced"
    " bawled barked chuckled snarled wailed"
)
_VERBS = frozenset(_VERBS_TEXT.split())
_MOST_NAMES = 4
_NO_NAMES = re.compile(r"(?:He|She|It|They|We|You|This|That|There|Nobody|Everybody)[^\w'\u2019-]")
"""Words that would have a small letter."""

_NAME = re.compile(r"[A-Z\u00c0-\u00de][\w'\u2019-]*\.?[ \u00a0]+")
_LAST = re.compile(r"[A-Z\u00c0-\u00de][\w'\u2019-]*\.?|[\w'\u2019-]*")
_SAID_IN_CHINESE = re.compile(
    "[^\u3002\uff01\uff1f\uff0c\uff1a\u201c\u201d\u300c\u300d\\s]{0,6}?"
    "[\u8bf4\u8aaa\u9053\u95ee\u554f\u558a\u53eb\u7b54]"
)
_STILL_OPEN = re.compile("[^\u3002\uff01\uff1f\uff0c\uff1a\u201c\u201d\u300c\u300d\\s]{0,6}")


def said_so(text: str, start: int, *, final: bool) -> bool | None:
    """Whether `text[start:]` begins with a name or two and a verb of saying; None while that may yet come."""
    if _NO_NAMES.match(text, start):
        return False
    at = start
    for number in range(_MOST_NAMES + 1):
        name = _NAME.match(text, at)
        if name is None or number == _MOST_NAMES:
            break
        at = name.end()
    else:  # pragma: no cover - the loop always breaks
        return False
    match = _LAST.match(text, at)
    word = match.group() if match else ""
    open_end = at + len(word) == len(text) and not final
    if at == start or word[:1].isupper():
        # A first word that isn't a name, or a name whose end is not written yet.
        return None if open_end and (at == start or number < _MOST_NAMES) else False
    if open_end:
        return None if any(verb.startswith(word) for verb in _VERBS) else False
    return word in _VERBS


def said_in_chinese(text: str, start: int, *, final: bool) -> bool | None:
    """Whether `text[start:]` begins with somebody, in a few characters, who says so; None as above."""
    if _SAID_IN_CHINESE.match(text, start):
        return True
    match = _STILL_OPEN.match(text, start)
    short = match is not None and match.end() == len(text)
    return None if short and not final else False
