"""Key reports: every form that terminals send for a key is that key, and nothing raises."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.tui.terminal import keynames as names
from cowrite.tui.terminal import layouts
from cowrite.tui.terminal.keyreports import COMPOSED, Press, alt, is_text, press_of, presses
from cowrite.tui.terminal.layouts import us_key


def key(report: str) -> str | None:
    """The key of `ESC` and this: its name, behind it what it writes; None for what is left out."""
    found = presses(f"\x1b{report}")
    if found is None:
        return None
    return " ".join(
        p.key if p.text is None or not is_text(p.text) else f"{p.key}={p.text}" for p in found
    )


@pytest.mark.parametrize(
    ("report", "text"),
    [
        ("[32;;26377:24456:22823:24046:21035u", "有很大差别"),
        ("[0;;128104:8205:128105:8205:128103u", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        (f"[0;;{':'.join(['28450'] * 40)}u", "漢" * 40),
        (f"[0;;{':'.join(['28450'] * 2000)}u", "漢" * 2000),
        ("[97;;97:27:91:98:127:133u", "a[b"),  # control codes in it are dropped
        ("[0;;97:55296:98:1114112:99999999999:99u", "abc"),
        ("[13;;26377:24456u", "有很"),  # Enter ended the composing
    ],
)
def test_k1_what_an_input_method_writes_is_one_run(report: str, text: str) -> None:
    assert presses(f"\x1b{report}") == (Press(COMPOSED, text),)


@pytest.mark.parametrize(
    ("report", "result"),
    [
        ("[1099;5u", "ctrl+s"),
        ("[1103;5u", "ctrl+z"),
        ("[1081;5u", "ctrl+q"),
        ("[1099::115;5u", "ctrl+s"),
        ("[1067;6u", "ctrl+shift+s"),
        ("[27;5;1099~", "ctrl+s"),
        ("[1099;69u", "ctrl+s"),  # caps lock is no modifier
        ("[1099;133u", "ctrl+s"),  # nor is num lock
        ("[1076;3;1076u", "alt+l"),
        ("[963;5u", "ctrl+s"),  # Greek
        ("[1491;5u", "ctrl+s"),  # Hebrew
        ("[1587;5u", "ctrl+s"),  # Arabic
        ("[3627;5u", "ctrl+s"),  # Thai
        ("[12596;5u", "ctrl+s"),  # Korean
        ("[4321;5u", "ctrl+s"),  # Georgian
        ("[1405;5u", "ctrl+s"),  # Armenian
        ("[1740;5u", "ctrl+d"),  # Persian
        ("[305;5u", "ctrl+i"),  # Turkish
        ("[65363;5u", "ctrl+s"),  # full width
        ("[47::113;5u", "ctrl+q"),  # Hebrew: a sign on a letter's key
        ("[233::50;5u", "ctrl+2"),
        # Latin letters are what is written on their keys, wherever those are
        ("[97::113;5u", "ctrl+a"),
        ("[59;5u", "ctrl+semicolon"),
        ("[20013;5u", "ctrl+中"),
    ],
)
def test_k2_commands_have_latin_names(report: str, result: str) -> None:
    assert key(report) == result


@pytest.mark.parametrize(
    ("report", "result"),
    [
        ("[101:69;2u", "E=E"),
        ("[97;5:1u", "ctrl+a"),
        ("[97;5:2u", "ctrl+a"),
        ("[97;5:3u", ""),
        ("[97;1:3;97u", ""),
        ("[1;1:3A", ""),
        ("[3;1:3~", ""),
        ("[1114112u", ""),
        ("[55296u", ""),
        ("[0u", ""),
        ("[1u", ""),
        ("[u", None),
        ("[;5u", None),
        ("[99999999999u", None),
        ("[97;99999u", None),
        ("[97;5;97;5u", None),
        ("[97:1:2:3u", None),
        ("[97;5:1:2u", None),
        ("[1;99999A", None),
        ("[999~", None),
        ("[99999999~", None),
        ("[27;5~", None),
        ("[27;5;99999999~", None),
        ("[27;5;1114112~", ""),
        ("[12;40R", None),
        ("[x", None),
        ("Oz", None),
    ],
)
def test_k3_understood_or_left_out(report: str, result: str | None) -> None:
    assert key(report) == result


@pytest.mark.parametrize(
    ("report", "result"),
    [
        ("[32u", "space= "),
        ("[32;2u", "space= "),
        ("[46u", "full_stop=."),
        ("[97;2u", "A=A"),
        ("[97;65u", "A=A"),
        ("[97;66u", "a=a"),
        ("[65;2u", "A=A"),
        ("[27;2;65~", "A=A"),
        ("[27;2;32~", "space= "),
        ("[223;2u", "ß=ß"),
        ("[49;2u", "exclamation_mark=!"),
        ("[50:34;2u", 'quotation_mark="'),  # what the terminal says goes before the US keyboard
        ("[1103;2u", "Я=Я"),
        ("[97;;98u", "b=b"),
        ("[57410u", "slash=/"),
        ("[57409u", "full_stop=."),
        ("[57409;;44u", "comma=,"),
        ("[57399;129u", "0=0"),
        ("[57414u", "enter"),
        ("[57417u", "left"),
        ("[57423;2u", "shift+home"),
        ("[57441u", ""),
        ("[57442;5u", ""),
        ("[57454u", ""),
        ("[57358u", ""),
        ("[57428u", ""),
        ("[57427~", ""),
        ("[E", ""),
        ("[57376u", "f13"),
        ("[57398u", "f35"),
        ("[57363u", "menu"),
        ("Oj", "asterisk=*"),
        ("OM", "enter"),
        ("[160u", "no_break_space=\xa0"),
        ("[12288u", "ideographic_space=\u3000"),
        ("[8205u", "zero_width_joiner=\u200d"),
        ("[769u", "combining_acute_accent=\u0301"),
    ],
)
def test_k4_keys_that_write(report: str, result: str) -> None:
    assert key(report) == result


@pytest.mark.parametrize(
    ("report", "result"),
    [
        ("[108;3;108u", "alt+l"),
        ("[108;4;76u", "alt+shift+l"),
        ("[108:76;4;76u", "alt+shift+l"),
        ("[47;4;63u", "alt+shift+slash"),
        ("[108;3u", "alt+l"),
        ("[113;7u", "alt+ctrl+q"),
        ("[110;3;126u", "tilde=~"),  # Option with N
        ("[112;3;960u", "π=π"),
        ("[108;3;64u", "at=@"),
        ("[32;3;160u", "no_break_space=\xa0"),
        ("[113;7;64u", "at=@"),  # AltGr as Ctrl with Alt
        ("[55;4;92u", "backslash=\\"),
        ("[0;3;8364u", "euro_sign=€"),
        ("[101;5;8364u", "ctrl+e"),  # Ctrl alone is a command whatever it would write
        ("[101;9;8364u", "super+e"),
        ("[101;17;101u", "hyper+e"),
        ("[101;33;101u", "meta+e"),
        ("[13;3;13u", "alt+enter"),
    ],
)
def test_k5_modifiers_decide_what_is_a_command(report: str, result: str) -> None:
    assert key(report) == result


@pytest.mark.parametrize(
    ("report", "result"),
    [
        ("[13u", "enter"), ("[13;;13u", "enter"), ("[13;2u", "shift+enter"), ("[13;5u", "ctrl+enter"),
        ("[13;6u", "ctrl+shift+enter"), ("[27;2;13~", "shift+enter"), ("[27;5;13~", "ctrl+enter"),
        ("[10u", "ctrl+j"), ("[106;5u", "ctrl+j"), ("[57345u", "enter"), ("[109;5u", "enter"),
    ],
)  # fmt: skip
def test_k6_line_breaks(report: str, result: str) -> None:
    assert key(report) == result


@pytest.mark.parametrize(
    ("report", "result"),
    [
        ("[A", "up"), ("OA", "up"), ("[1;5A", "ctrl+up"), ("[5A", "ctrl+up"), ("O5A", "ctrl+up"),
        ("[;5A", "ctrl+up"), ("[1;5:2A", "ctrl+up"), ("[a", "shift+up"), ("Oa", "ctrl+up"),
        ("Ob", "ctrl+down"), ("[H", "home"), ("OH", "home"), ("[1~", "home"), ("[7~", "home"),
        ("[1;2H", "shift+home"), ("[7^", "ctrl+home"), ("[8^", "ctrl+end"), ("[3~", "delete"),
        ("[3;5~", "ctrl+delete"), ("[3$", "shift+delete"), ("[3@", "ctrl+shift+delete"),
        ("[2;5~", "ctrl+insert"), ("[Z", "shift+tab"), ("[1;6Z", "ctrl+shift+tab"),
        ("[9;2u", "shift+tab"), ("[9;5u", "ctrl+tab"), ("[127;5u", "ctrl+backspace"),
        ("[127;3u", "alt+backspace"), ("[27;5;8~", "ctrl+backspace"), ("[27u", "escape"), ("[91;5u", "escape"),
        ("[27;5;27~", "ctrl+escape"), ("OP", "f1"), ("[P", "f1"), ("[11~", "f1"), ("[[A", "f1"),
        ("[[E", "f5"), ("[1;2P", "shift+f1"), ("O2P", "shift+f1"), ("[1;2R", "shift+f3"),
        ("[13~", "f3"), ("[13;2~", "shift+f3"), ("[15;6~", "ctrl+shift+f5"), ("[24~", "f12"),
        ("[25~", "f13"), ("[57364u", "f1"), ("[1;3D", "alt+left"), ("[1;9D", "super+left"),
    ],
)  # fmt: skip
def test_every_terminals_form_of_a_key(report: str, result: str) -> None:
    assert key(report) == result


@pytest.mark.parametrize("space", [0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000])
@pytest.mark.parametrize("form", ["{}", "\x1b[{}u", "\x1b[32;;{}u"])
def test_k7_spaces_of_every_kind_are_text(space: int, form: str) -> None:
    character = chr(space)
    found = press_of(character) if form == "{}" else presses(form.format(space))
    assert found is not None
    assert [press.text for press in found] == [character]
    assert not found[0].key.startswith(("ctrl+", "alt+"))


@pytest.mark.parametrize(
    "character", "\u00ad\u200b\u200c\u200d\u200e\u200f\u202e\u2060\ufe0f\u0301\ue000\U0001fae9\U000e0067"
)  # fmt: skip
def test_k7_marks_that_are_typed_are_text(character: str) -> None:
    assert [press.text for press in press_of(character)] == [character]


modifiers = st.integers(0, 255)
number = st.integers(0, 10**9)


@given(
    st.sampled_from(sorted({*names.TILDE} - {27})),
    modifiers.map(lambda bits: bits & ~(names.CAPS_LOCK | names.NUM_LOCK)),
)
def test_numbered_keys_go_round(code: int, bits: int) -> None:
    found = presses(f"\x1b[{code};{bits + 1}~")
    assert found is not None
    *held, name = found[0].key.split("+")
    assert name == names.TILDE[code]
    assert held == sorted(held)
    words = {"shift": 1, "alt": 2, "ctrl": 4, "super": 8, "hyper": 16, "meta": 32}
    assert sum(words[word] for word in held) == bits


@given(st.characters(exclude_categories=("Cs", "Cc")).filter(is_text), modifiers)
def test_what_the_terminal_says_is_written(character: str, bits: int) -> None:
    """Whatever the key is, text without a modifier that makes a command comes out as it is."""
    found = presses(f"\x1b[97;{(bits & ~names.COMMANDS) + 1};{ord(character)}u")
    assert found is not None
    assert [press.text for press in found] == [character]


@given(
    st.lists(st.one_of(number.map(str), st.sampled_from([":", ";", "", "::", ";;"])), max_size=12),
    st.sampled_from("u~ABCDEFGHPQRSZ^$@abcd"),
    st.sampled_from(["[", "O", "[27;", "[["]),
)
def test_no_report_raises(parts: list[str], end: str, begin: str) -> None:
    found = presses(f"\x1b{begin}{''.join(parts)}{end}")
    for press in found or ():
        assert press.key
        assert press.text is None or is_text(press.text) or press.text in "\r\n\t\x7f\x1b"


@given(st.text(min_size=1, max_size=1))
def test_no_character_raises(character: str) -> None:
    for press in (*press_of(character), *alt(character)):
        assert re.fullmatch(r"\S+", press.key)


def test_each_row_of_a_keyboard_fits() -> None:
    for board in layouts._BOARDS:
        for keys, letters in zip(layouts._US, board, strict=False):
            assert len(letters) <= len(keys)


@pytest.mark.parametrize(
    "row",
    [
        "йцукенгшщз",
        "ضصثقفغعهخح",
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ",
        "ქწერტყუიოპ",
        "ㄆㄊㄍㄐㄔㄗㄧㄛㄟㄣ",
        "ๆไำพะัีรนย",
    ],
)
def test_upper_rows_are_qwerty(row: str) -> None:
    assert "".join(map(us_key, row)) == "qwertyuiop"


def test_unknown_letters_and_latin_ones_stay() -> None:
    assert [us_key(letter) for letter in ("a", "A", "é", "中", "ｑ", "İ", "/")] == [
        "a", "a", "é", "中", "q", "İ", "/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "code", [0, 7, 27, 0x7F, 0x85, 0x9B, 0x2028, 0x2029, 0xD800, 0xFDD0, 0xFFFE, 0x10FFFF]
)
def test_what_no_key_writes_is_left_out(code: int) -> None:
    assert not is_text(chr(code))
    assert not any(is_text(press.text or "") for press in presses(f"\x1b[0;;{code}u") or ())
