"""Every screen, pane, dialog and toast, with hostile texts in all that they can show."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import hostile
import pytest
from hostile_home import HostileHome, hostile_home
from terminal import Terminal, sequence
from windows import Open

from cowrite.tui.commands.action import Home
from cowrite.tui.commands.actions import ACTIONS

pytestmark = pytest.mark.pty

EVIL = hostile.EVERYTHING
TEXTS = [[f" grey {EVIL}", f" other {EVIL}", f" third\n{EVIL}"]]


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> HostileHome:
    return hostile_home(tmp_path_factory.mktemp("hostile"))


def sent_by(screen: Terminal) -> str:
    return bytes(screen.sent).decode("utf-8", "replace")


def assert_clean(screen: Terminal) -> None:
    assert hostile.slips(sent_by(screen)) == []


def look_through(screen: Terminal) -> None:
    """Scroll what is open, and leave it."""
    screen.settle(0.15)
    screen.press("pagedown", "down", "pagedown", "up")
    screen.settle(0.15)
    screen.press("escape", "escape")


def test_every_action_of_the_window(evil: HostileHome, window: Open) -> None:
    screen = window(evil.draft, env=evil.env, rows=40, texts=TEXTS)
    screen.wait("ready stand-in")
    screen.press("ctrl+end")
    screen.type(" and")
    screen.press("ctrl+space")
    screen.wait("grey")
    screen.press("alt+o")  # or there would be nothing to correct
    screen.settle()
    walked = [
        action
        for action in ACTIONS
        if action.home is Home.APP and action.id not in ("quit", "save")
    ]
    for action in walked:
        screen.press(next(filter(_can_be_sent, action.keys)))
        look_through(screen)
        assert screen.code is None, action.id
    assert_clean(screen)
    screen.press("ctrl+s")
    screen.settle()
    assert_clean(screen)


def _can_be_sent(key: str) -> bool:
    """Whether a terminal without kitty's protocol has a sequence for a key."""
    try:
        return bool(sequence(key))
    except KeyError:
        return False


@pytest.mark.slow
def test_a_suggestion_in_every_form(evil: HostileHome, window: Open) -> None:
    screen = window(evil.draft, env=evil.env, rows=40, texts=TEXTS)
    screen.wait("ready stand-in")
    screen.press("ctrl+end", "alt+t", "f12", "f5", "ctrl+space")
    screen.wait("grey")
    screen.settle()
    screen.press("ctrl+n", "ctrl+n", "f4")
    screen.settle()
    screen.press("end", "escape")
    screen.press("ctrl+right", "alt+l", "tab", "ctrl+z", "ctrl+y")
    screen.press("ctrl+a", "ctrl+shift+left", "shift+right", "alt+a")
    screen.settle()
    assert_clean(screen)


@pytest.mark.slow
def test_find_and_replace(evil: HostileHome, window: Open) -> None:
    screen = window(evil.draft, env=evil.env)
    screen.wait("ready stand-in")
    screen.press("alt+r")
    screen.paste(EVIL)
    screen.press("tab")
    screen.paste(EVIL)
    screen.press("enter", "alt+x")
    screen.settle()
    screen.press("alt+a")
    screen.settle()
    assert_clean(screen)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["alt+s", "ctrl+o", "ctrl+p", "alt+p"])
def test_what_is_typed_into_a_dialog(key: str, evil: HostileHome, window: Open) -> None:
    screen = window(evil.draft, env=evil.env)
    screen.wait("ready stand-in")
    screen.press(key)
    screen.settle(0.2)
    screen.paste(f"/no/such/{EVIL}/folder")
    screen.settle(0.2)
    screen.press("enter")
    screen.settle()
    assert_clean(screen)


@pytest.mark.slow
def test_a_file_that_others_change(evil: HostileHome, window: Open, tmp_path: Path) -> None:
    file = tmp_path / evil.draft.name
    file.write_text("begun", encoding="utf-8")
    screen = window(file, env=evil.env)
    screen.wait("ready stand-in")
    screen.type("mine")
    file.write_text(EVIL, encoding="utf-8", newline="")
    screen.press("ctrl+s")
    screen.wait("Overwrite the file")
    look_through(screen)
    screen.press("ctrl+s")
    screen.wait("Overwrite the file")
    screen.press("l")
    screen.settle()
    assert_clean(screen)


@pytest.mark.slow
def test_what_a_killed_session_left(evil: HostileHome, window: Open, tmp_path: Path) -> None:
    file = tmp_path / evil.draft.name
    screen = window(file, env=evil.env)
    screen.wait("ready stand-in")
    screen.paste(EVIL)
    screen.settle()
    screen.kill()
    screen.ended()
    again = window(file, env=evil.env)
    again.wait("was not saved when its last session ended")
    look_through(again)
    assert_clean(again)


@pytest.mark.slow
def test_the_start_screen_and_the_last_drafts(evil: HostileHome, window: Open) -> None:
    screen = window(None, env=evil.env)
    screen.wait("New draft")
    look_through(screen)
    assert_clean(screen)


@pytest.mark.slow
@pytest.mark.parametrize("script", [{"fail_load": EVIL}, {"fail_on": [1, 2, 3]}, {"garbage": True}])
def test_an_engine_that_fails(script: dict[str, object], window: Open, tmp_path: Path) -> None:
    screen = window(tmp_path / "draft.md", texts=TEXTS, **script)
    screen.wait("no model" if "fail_load" in script else "ready stand-in")
    screen.type("Once")
    screen.press("ctrl+space")
    screen.settle()
    screen.press("f1")
    look_through(screen)
    assert_clean(screen)


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["{model}", "no\x9b2J\x1b]0;INJECTED\x07such"])
def test_a_model_that_describes_itself(choice: str, evil: HostileHome) -> None:
    command = [sys.executable, "-m", "cowrite", "write", str(evil.draft), "--model"]
    with Terminal([*command, choice.format(model=evil.model)], env=evil.env) as screen:
        screen.settle(1.0)
        screen.press("ctrl+p")
        screen.type("choose a model")
        screen.press("enter")
        look_through(screen)
        assert_clean(screen)


@pytest.mark.slow
def test_a_session_is_played_again(evil: HostileHome) -> None:
    command = [sys.executable, "-m", "cowrite", "replay", evil.session_id, "--speed", "64"]
    with Terminal(command, env=evil.env, rows=40) as screen:
        screen.wait("Once upon a time.")
        screen.write(" ")
        screen.settle(0.3)
        screen.press("end", "right", "left")
        screen.settle(0.3)
        assert_clean(screen)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 20))]
)
def test_a_paste_in_any_pieces_is_text(seed: int, window: Open, tmp_path: Path) -> None:
    """Keys would quit, save elsewhere, or leave something out; the file holds the paste and no more."""
    draw = random.Random(seed)
    parts = [
        *hostile.ESCAPES.values(),
        *hostile.HARD,
        "\x11",
        "\x1b",
        "\x1b[A",
        "\x1b[200~",
        "\r",
        "\x1bOP",
        "\x13",
    ]
    text = "".join(draw.choice(parts).replace("\x1b[201~", "") for _ in range(60)).replace(
        "\x1b[201", ""
    )
    file = tmp_path / "paste.md"
    screen = window(file)
    screen.wait("ready stand-in")
    raw = f"\x1b[200~<{text}>\x1b[201~".encode()
    while raw:
        size = draw.randint(1, 40)
        screen.write(raw[:size])
        screen.read(draw.choice([0.0, 0.0, 0.03]))
        raw = raw[size:]
    screen.settle()
    screen.press("ctrl+s")
    screen.wait("saved")
    wanted = f"<{text}>".replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    assert file.read_bytes().decode() == wanted
    screen.press("ctrl+q")
    assert screen.ended() == 0
    assert_clean(screen)
