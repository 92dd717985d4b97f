"""What a terminal can show, from its environment and from terminfo."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.tui.terminal.abilities import ALL, Abilities, abilities, by_name
from cowrite.tui.terminal.terminfo import Described, look_up, read

XTERM = Described(8, italic=True, dim=True)
SCREEN = Described(256, italic=False, dim=True)
VT100 = Described(0, italic=False, dim=False)


def compiled(colours: int, *, italic: bool, dim: bool, wide: bool = False) -> bytes:
    """A description as `tic` writes it, with nothing in it but this."""
    names = b"test|a terminal\0"
    flags = b"\0\1\0"
    count, strings = 15, [-1] * 320
    if italic:
        strings[311] = 0
    if dim:
        strings[30] = 0
    numbers = [-1] * count
    numbers[13] = colours or -1
    header = struct.pack("<6h", 0o1036 if wide else 0o432, len(names), len(flags), count, 320, 5)
    pad = b"\0" * ((len(names) + len(flags)) % 2)
    packed = struct.pack(f"<{count}{'i' if wide else 'h'}", *numbers)
    return header + names + flags + pad + packed + struct.pack("<320h", *strings) + b"\x1b[3m\0"


@pytest.mark.parametrize(
    ("environment", "known", "wanted"),
    [
        ({"TERM": "xterm"}, XTERM, Abilities(8, True, True)),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, XTERM, Abilities(ALL, True, True)),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, XTERM, Abilities(ALL, True, True)),
        ({"TERM": "xterm", "COLORTERM": "yes"}, XTERM, Abilities(8, True, True)),
        ({"TERM": "screen-256color"}, SCREEN, Abilities(256, False, True)),
        ({"TERM": "vt100"}, VT100, Abilities(0, False, False)),
        ({"TERM": "xterm", "NO_COLOR": "1", "COLORTERM": "truecolor"}, XTERM, Abilities(0)),
        ({"TERM": "xterm", "NO_COLOR": ""}, XTERM, Abilities(8)),
        ({"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "256"}, XTERM, Abilities(256)),
        (
            {"TERM": "x", "COLORTERM": "truecolor", "TEXTUAL_COLOR_SYSTEM": "standard"},
            XTERM,
            Abilities(16),
        ),
        ({"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "auto"}, XTERM, Abilities(8)),
    ],
)
def test_the_environment_says_what_can_be_shown(
    environment: dict[str, str], known: Described, wanted: Abilities
) -> None:
    assert abilities(environment, known) == wanted


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("xterm-kitty", Abilities(256)),
        ("alacritty", Abilities(256)),
        ("foot-extra", Abilities(256)),
        ("xterm-ghostty", Abilities(256)),
        ("wezterm", Abilities(256)),
        ("something-256color", Abilities(256)),
        ("foot-direct", Abilities(ALL)),
        ("linux", Abilities(16, italic=False)),
        ("screen.xterm-256color", Abilities(256, italic=False)),
        ("vt220", Abilities(0, False, False)),
        ("xterm-mono", Abilities(0)),
        ("dumb", Abilities(0, False, False)),
        ("", Abilities(16)),
        ("never-heard-of", Abilities(16)),
    ],
)
def test_an_unknown_terminal_is_judged_by_its_name(kind: str, wanted: Abilities) -> None:
    assert by_name(kind) == wanted


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("colours", [0, 8, 256, 32767])
@pytest.mark.parametrize("italic", [False, True])
@pytest.mark.parametrize("dim", [False, True])
def test_a_compiled_description_is_read(colours: int, italic: bool, dim: bool, wide: bool) -> None:
    data = compiled(colours, italic=italic, dim=dim, wide=wide)
    assert read(data) == Described(colours, italic, dim)


def test_more_colours_than_16_bits_can_count() -> None:
    found = read(compiled(1 << 24, italic=True, dim=True, wide=True))
    assert abilities({"TERM": "xterm-direct"}, found).colours == ALL


@given(st.binary(max_size=400) | st.binary(max_size=400).map(lambda rest: b"\x1a\x01" + rest))
def test_a_broken_description_is_refused(data: bytes) -> None:
    try:
        found = read(data)
    except (ValueError, struct.error):
        return
    assert found.colours >= 0


def test_descriptions_are_looked_for_where_they_may_be(tmp_path: Path) -> None:
    home = tmp_path / "home" / ".terminfo" / "7a"  # as macOS has it
    home.mkdir(parents=True)
    (home / "zterm").write_bytes(compiled(88, italic=True, dim=False))
    own = tmp_path / "own" / "z"
    own.mkdir(parents=True)
    (own / "zzterm").write_bytes(compiled(8, italic=False, dim=True))
    (own / "zbroken").write_bytes(b"no description")
    environment = {"HOME": str(tmp_path / "home"), "TERMINFO_DIRS": f":{tmp_path / 'own'}"}
    assert look_up("zterm", environment) == Described(88, italic=True, dim=False)
    assert look_up("zzterm", environment) == Described(8, italic=False, dim=True)
    assert look_up("zbroken", environment) is None
    assert abilities({**environment, "TERM": "zterm"}) == Abilities(16, True, False)
    for kind in ("", ".", "..", "../own/z/zzterm", "/etc/passwd"):
        assert look_up(kind, environment) is None
