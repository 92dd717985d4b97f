"""Nothing that could steer a terminal comes through."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.printable import printable


def test_plain_prose_in_any_script_is_left_alone() -> None:
    text = "Déjà vu — «naïve» 漢字 עברית 👩‍👩‍👧 e\u0301"
    assert printable(text) is text


def test_controls_become_visible_signs() -> None:
    assert printable("a\x1b[31mb\x07\x00\x7f") == "a␛[31mb␇␀␡"
    assert printable("\x9b31m\x85") == "\ufffd31m\ufffd"
    assert printable("\u202eexe.\u2066txt\u2028") == "\ufffdexe.\ufffdtxt␤"
    assert printable("\udc9b") == "\ufffd"


def test_kept_controls_are_kept_and_no_others() -> None:
    assert printable("a\n\tb\r\x1b", keep="\n\t") == "a\n\tb␍␛"


@given(st.text(st.characters(codec=None), max_size=60))
def test_one_sign_for_one_and_none_that_a_terminal_obeys(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert printable(shown) == shown
    assert not any(unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") for sign in shown)
    assert not any(
        unicodedata.bidirectional(sign) in {"RLO", "LRO", "RLE", "LRE", "PDF"} for sign in shown
    )
