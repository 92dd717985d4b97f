"""Which language a text is written in, by its script and its smallest words. Pure.

For choosing quotation marks, where a wrong guess costs a key: so it is small and quick, and says nothing
where a text is too short or speaks several.
"""

from __future__ import annotations

import re
from collections import Counter

from cowrite.core.document import Document, one_line_end
from cowrite.core.front_matter import front_matter

_SCRIPTS = (
    ("ja", "\u3041-\u30ff\u31f0-\u31ff"),
    ("ko", "\u1100-\u11ff\uac00-\ud7a3"),
    ("zh", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("he", "\u0590-\u05ff"),
    ("ar", "\u0600-\u06ff\u0750-\u077f"),
    ("hy", "\u0531-\u058f"),
    ("ka", "\u10a0-\u10ff"),
    ("hi", "\u0900-\u097f"),
    ("th", "\u0e00-\u0e7f"),
    ("ru", "\u0400-\u04ff"),
)
"""Languages by their letters, the rarer signs first: Japanese is full of Chinese ones."""

_TELLING = (
    (
        "zh",
        "zh-hant",
        re.compile("[\u9019\u500b\u5011\u4f86\u8aaa\u570b\u6703\u6642\u5f8c\u5c0d\u6c92\u9ebc]"),
    ),
    ("ru", "uk", re.compile("[\u0456\u0457\u0454\u0491\u0406\u0407\u0404]")),
    ("ru", "sr", re.compile("[\u0458\u0459\u045a\u045b\u0452\u045f]")),
    (
        "ru",
        "bg",
        re.compile(
            "(?i)\\b(?:\u0441\u044a\u043c|\u0441\u044a\u0441|\u0449\u0435|\u043a\u044a\u043c|\u0431\u0435\u0448\u0435)\\b"
        ),
    ),
    ("ar", "fa", re.compile("[\u067e\u0686\u0698\u06af\u06cc]")),
)
"""What tells a language from another one with the same script."""

_SMALL_WORDS = {
    "en": "the of and to in is was that it for with he she his her you as not had they have",
    "de": "der die das und ist nicht ein eine ich er sie mit auf den dem von zu war sich auch wie",
    "fr": "le la les et est dans un une des du que qui pas il elle je ne pour sur avec était au",
    "es": "el la los las y que de en un una no se con por su para como lo más pero era",
    "it": "il lo la gli di che e è un una non per con si del della sono era ma anche nel",
    "pt": "o a os as e que de um uma não em com por para se do da mas como era ele ela",
    "nl": "de het een en van is niet dat ik hij ze met op te voor zijn was maar ook aan er",
    "sv": "och att det en ett som är på inte jag han hon med för av den till var men hade",
    "da": "og at det en et som er på ikke jeg han hun med for af den til var men havde",
    "no": "og at det en et som er på ikke jeg han hun med for av den til var men hadde",
    "fi": "ja on ei se että hän oli mutta niin kun minä sinä ovat kuin olen myös tämä hänen",
    "pl": "i w na się nie że to z do jest jak ale był była po co tak go przez już",
    "cs": "a v na se že je to s do ale jako byl byla by jsem po tak už když není",
    "sk": "a v na sa že je to s do ale ako bol bola by som po tak už keď nie",
    "hu": "a az és hogy nem egy is volt de ez azt csak meg mint már van én ő ha",
    "ro": "și în de la cu nu că un o pe care este era mai din dar ca se au fost",
    "hr": "i u na je se da nije to s od za su ali kao bio bila što sam po koji",
    "sl": "in v na je se da ni to z od za so pa kot bil bila kaj sem po ki",
    "tr": "ve bir bu da de için ile o çok ne gibi ama daha var değil ben sen kadar olan",
    "et": "ja on ei see et ta oli aga kui ma sa nii ka mis oma siis või tema seda",
    "lt": "ir kad ne į su iš tai buvo bet jis ji kaip aš po už tik yra nuo dar",
    "lv": "un ir ka ne uz ar no tas bija bet viņš viņa kā es par tikai pie vai arī",
    "ca": "el la els les i que de en un una no es amb per però era com al més seva",
    "eu": "eta da ez bat zen du dut hori baina ere nire izan zuen egin dela bere oso",
    "is": "og að það er í á ekki ég hann hún með fyrir sem var en af til þá um",
}
"""Words that are in nearly every sentence of a language written with Latin letters."""

_ALL = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"(?<!['\u2019])[^\W\d_]+|(?<=['\u2019])[^\W\d_]{2,}")
"""Words without the one letter behind an apostrophe (`it's`), which is a small word elsewhere."""
_LEAST_WORDS = 3
_LEAD = 1.2
"""How many times the words of the next language a language has to have."""
_DECLARED = re.compile(
    r"(?im)^[ \t]*[\"']?(?:lang|language|locale)[\"']?[ \t]*[:=][ \t]*[\"']?([a-z]{2,3}(?:[-_][a-z0-9]+)*)\b"
)


def declared(front_matter: str) -> str:
    """The language that a draft's front matter says it is in, such as `de-ch`; empty where it says none."""
    match = _DECLARED.search(front_matter)
    return match[1].lower().replace("_", "-") if match else ""


def spoken(text: str) -> str:
    """The language of a text, as its code in small letters; empty where that can't be told."""
    if not text.isascii():
        letters = sum(map(str.isalpha, text))
        for code, signs in _SCRIPTS:
            if letters and 4 * len(re.findall(f"[{signs}]", text)) >= letters:
                found = (
                    other for one, other, sign in _TELLING if one == code and sign.search(text)
                )
                return next(found, code)
    words = Counter(word.lower() for word in _WORD.findall(text) if word != "I")
    known = {code: sum(words[word] for word in small) for code, small in _ALL.items()}
    (code, count), (_, next_count) = Counter(known).most_common(2)
    return code if count >= _LEAST_WORDS and count >= _LEAD * next_count else ""


_AROUND = 2000
"""Characters on each side of a place that are read for its language."""


def language_at(document: Document, place: int) -> str:
    """The language that a draft says it is in, or speaks around a place; empty where that can't be told."""
    lines = front_matter(document.line, document.line_count)
    if lines and (code := declared("\n".join(map(document.line, range(1, lines - 1))))):
        return code
    start = document.line_start(lines) if lines < document.line_count else 0
    low, high = max(start, place - _AROUND), min(len(document), place + _AROUND)
    return spoken(one_line_end(document.slice(low, high)))
