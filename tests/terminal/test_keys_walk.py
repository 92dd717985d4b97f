"""What terminals send for keys, byte by byte, and what is in the file then. Names are those of the trials.

Many forms are sent in one session, one word each, so that the one that fails is seen.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from terminal import Terminal
from windows import Open

pytestmark = pytest.mark.pty

HAN = "26377:24456:22823:24046:21035"
FAMILY = "128104:8205:128105:8205:128103"


def begun(window: Open, file: Path, text: str = "", **kept: object) -> Terminal:
    file.write_text(text)
    screen = window(file, **kept)
    screen.wait("ready stand-in")
    return screen


def send(screen: Terminal, *parts: str | float) -> None:
    """Bytes as they are, with pauses in seconds between them."""
    for part in parts:
        if isinstance(part, str):
            screen.write(part)
            screen.read(0.01)
        else:
            end = time.monotonic() + part
            while (left := end - time.monotonic()) > 0:
                screen.read(left)


def holds(screen: Terminal, file: Path, wanted: str) -> None:
    """Save until the file is this, or for long enough."""
    deadline = time.monotonic() + 15
    while file.read_text() != wanted and time.monotonic() < deadline:
        screen.write("\x13")
        screen.read(0.3)
    assert file.read_text() == wanted


def leave(screen: Terminal, key: str = "\x11") -> None:
    screen.write(key)
    assert screen.ended() == 0


def test_k1_k4_k7_text_in_every_form(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file)
    send(screen, f"1\x1b[32;;{HAN}u 2\x1b[0;;{FAMILY}u ")
    send(screen, "3\x1b[32;;263", 0.02, "77:24456u 4\x1b[0;;128104:8205", 0.1, ":128105u ")
    send(screen, f"5\x1b[0;;{':'.join(['28450'] * 40)}u ")
    send(screen, "6a\x1b[32ub\x1b[32;2uc\x1b[46u\x1b[97;2u\x1b[57410u\x1b[57409u ")
    send(
        screen, "7a\u00a0b\u3000c\u2003d\u200de\u0301 \x1b[97u\x1b[160u\x1b[12288ub\x1b[32;;12288u "
    )
    send(screen, "8\x1b[110;3;126u\x1b[113;7;64u\x1b[101:69;2u\x1b[97;1:3u\x1b[57441u ")
    holds(
        screen,
        file,
        "1有很大差别 2\U0001f468\u200d\U0001f469\u200d\U0001f467 3有很 4\U0001f468\u200d\U0001f469 "
        f"5{'漢' * 40} 6a b c.A/. 7a\u00a0b\u3000c\u2003d\u200de\u0301 a\u00a0\u3000b\u3000 8~@E ",
    )
    send(screen, "\n\x1b[32;;26377:24456u")
    screen.wait("有很 ready".removesuffix(" ready"))
    screen.press("ctrl+z")  # what an input method wrote at once is one step
    before = file.read_text()
    holds(screen, file, f"{before}\n")
    leave(screen)


def test_k2_control_keys_of_other_keyboards(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file)
    screen.type("да")
    send(screen, "\x1b[1099;5u")
    screen.wait("saved")
    assert file.read_text() == "да"
    screen.type(" нет")
    screen.wait("да нет")
    send(screen, "\x1b[1103::122;5u")
    screen.wait(lambda: "нет" not in screen.text)
    screen.type("so")
    screen.wait("да so")
    send(screen, "\x1b[1081;5u")
    screen.wait("is not saved")
    send(screen, "ы")  # the key of `s`, which saves
    assert screen.ended() == 0
    assert file.read_text() == "да so"


def test_k2_vital_keys_that_are_no_letters(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file, texts=[[" grey words.", "b", "c"]])
    screen.type("да")
    send(screen, "\x1bOQ")  # f2 asks
    screen.wait("да grey words.")
    send(screen, "\x1b[19~")  # f8 takes
    send(screen, "\x1b[1;2Q")  # shift+f2 saves
    screen.wait("saved")
    assert file.read_text() == "да grey words."
    send(screen, "\x1b[17;2~")  # shift+f6 undoes
    screen.wait("да grey words. 1/3")  # a ghost again
    send(screen, "\x1b[18;2~")  # shift+f7 does it again
    screen.wait(lambda: "1/3" not in screen.text)
    screen.wait("да grey words.")
    send(screen, "\x1bOP")
    screen.wait("Suggestions")
    screen.press("escape")
    screen.wait(lambda: "Suggestions" not in screen.text)
    leave(screen, "\x1b[1;2S")  # shift+f4 leaves


def test_k3_nothing_that_comes_in_ends_the_program(
    window: Open, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file)
    send(screen, "a\x1b[1114112u\x1b[99999999999u\x1b[55296u\x1b[97;5:1ub\x1b[101:69;2u")
    send(
        screen,
        f"\x1b[{'9' * 5000};5u\x1b[<99999999999;1;1M\x1b[?9;9;9$y\x1b[48;1;1;1t\x1b[999999999;1R",
    )
    send(
        screen,
        "\x1b]11;rgb:zz/zz/zz\x07\x1b]11;rgb:/\x1b\\\x1bP1$r\x1b\\\x1b[0;;1114112:55296u\u009b",
    )
    screen.type(" lives")
    holds(screen, file, "bE livesa")
    assert not list((home / "state").glob("crashes/*"))
    leave(screen)


def test_k5_alt_is_a_command_and_option_is_text(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file, texts=[[" grey words.\n\nAnd more.", "b", "c"]])
    screen.type("Once")
    screen.press("ctrl+space")
    screen.wait("Once grey words.")
    send(screen, "\x1b[108;3;108u")
    holds(screen, file, "Once grey words.")
    send(screen, "\x1b[27u\x1b[110;3;126u\x1b[0;3;8364u")
    holds(screen, file, "Once grey words.~€")
    leave(screen)


def test_k6_line_breaks_in_every_form(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file)
    send(
        screen,
        "a\x1b[13;2ub\x1b[13;5uc\nd\x1b[27;2;13~e\x1b[106;5uf\rg\r\nh\x1b[13ui\x1b[13;;13uj\n",
    )
    send(screen, "".join(f"line {number}\n" for number in range(20)))
    screen.wait("line 19")
    lines = [*"abcdefghij", *(f"line {number}" for number in range(20)), ""]
    holds(screen, file, "\n".join(lines))
    leave(screen)


def test_k8_sequences_of_a_slow_line(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file, "one\ntwo\n", texts=[[" grey words.", "b", "c"]])
    screen.press("ctrl+end")
    screen.type("three")
    screen.press("ctrl+space")
    screen.wait("three grey words.")
    send(screen, "\x1b", 0.15, "[200~ pasted\x1b[201~", 0.3)
    screen.wait("three pasted")
    send(screen, "\x1b", 0.15, "[A", 0.3, "x", "\x1b", 0.15, "[1;5", 0.15, "D", 0.2, "y")
    holds(screen, file, "one\nytwox\nthree pasted")
    screen.press("ctrl+end", "ctrl+space")
    screen.wait("pasted grey words.")
    send(screen, "\x1b", 0.1, "typed on")
    screen.wait("pastedtyped on")
    holds(screen, file, "one\nytwox\nthree pastedtyped on")
    leave(screen)


@pytest.mark.parametrize("kind", [{"TERM_PROGRAM": "iTerm.app"}, {"LC_TERMINAL": "iTerm2"}, {}])
def test_k9_what_the_terminal_is_asked_for(
    kind: dict[str, str], window: Open, tmp_path: Path
) -> None:
    screen = begun(window, tmp_path / "draft.md", env=kind)
    asked = [part.split(b"u")[0] for part in bytes(screen.sent).split(b"\x1b[>")[1:]]
    assert asked == [b"1" if kind else b"5"]
    leave(screen)
    assert bytes(screen.sent).count(b"\x1b[<u") == 1


def test_k10_keys_before_the_draft_is_there(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text("")
    screen = window(file, load_delay=1.0)
    written = ""
    while "ready stand-in" not in screen.prose:
        letter = "abcdefghij"[len(written) % 10]
        send(screen, letter, 0.02)
        written += letter
    assert len(written) > 10
    holds(screen, file, written)
    leave(screen)


def test_k10_a_paste_and_a_save_before_the_draft_is_there(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    file.write_text("")
    screen = window(file)
    screen.wait(lambda: b"\x1b[?1004h" in screen.sent)  # written once keys come as they are
    send(screen, "one \x1b[200~two\x1b[201~ three\x7f\x13")
    screen.wait(lambda: file.read_text() == "one two thre")
    leave(screen)


def test_p1_a_paste_without_an_end(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file)
    send(screen, "\x1b[200~lost words", 2.0, " and more")
    holds(screen, file, "lost words and more")
    send(screen, " \x1b[200~once again", 0.15, "\x13")
    screen.wait(lambda: file.read_text() == "lost words and more once again")
    leave(screen)


def test_p1_a_slow_paste_is_one_step_and_in_the_journal(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file)
    send(screen, "x\x1b[200~one ", 0.5, "two\x11 ", 0.5, "three\x1b[201~")
    screen.wait("three")
    holds(screen, file, "xone two\x11 three")
    screen.press("ctrl+z")
    screen.wait(lambda: "three" not in screen.text)
    holds(screen, file, "x")
    send(screen, "\x1b[200~lost words", 0.7)  # it isn't over yet
    screen.kill()
    screen.ended()
    again = window(file)
    again.wait("was not saved when its last session ended")
    again.wait("lost words")


def test_p2_line_breaks_that_tmux_changed_in_a_paste(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "draft.md"
    screen = begun(window, file)
    send(screen, "\x1b[200~AAA\x1b[106;5uBBB\x1b[13;1uCCC\x1b[113;5u\x1b[27;5;106~DDD\x1b[201~")
    screen.wait("DDD")
    holds(screen, file, "AAA\nBBB\nCCC\x1b[113;5u\nDDD")
    leave(screen)


BROKEN = """
import sys
from pathlib import Path
from cowrite.config import Settings
from cowrite.paths import user_paths
from cowrite.tui import app
from cowrite.tui.terminal import driver, keystream
stream, sending = keystream.KeyStream._typed, driver.CowriteDriver._send
def broken_stream(self):
    if "§" in self._text:
        raise ValueError(self._text)
    yield from stream(self)
def broken_sending(self, piece):
    if getattr(piece, "text", "") == "¶":
        raise KeyError(piece)
    sending(self, piece)
keystream.KeyStream._typed = broken_stream
driver.CowriteDriver._send = broken_sending
app.EngineService.start = lambda self: None
sys.exit(app.run(Path(sys.argv[1]), settings=Settings(), paths=user_paths()))
"""


def test_k3_what_fails_in_the_input_thread_is_reported_and_the_window_lives(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    file.write_text("")
    command = [sys.executable, "-c", BROKEN, str(file)]
    with Terminal(command, env={"COWRITE_HOME": str(home)}) as screen:
        screen.wait("draft.md")
        send(screen, "secret ", 0.3, "§", 1.1, "¶ words", 0.2)
        screen.wait("was left out")
        holds(screen, file, "secret  words")
        leave(screen)
    reports = [path.read_text() for path in sorted((home / "state" / "crashes").iterdir())]
    assert "ValueError" in reports[0]
    assert "in broken_stream" in reports[0]
    assert "KeyError" in reports[1]
    assert "in broken_sending" in reports[1]
    assert not any("secret" in report or "words" in report for report in reports)
