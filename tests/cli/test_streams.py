"""Standard streams in every state: odd locales, readers that are gone, full disks, closed by the caller."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile_home import HostileHome, hostile_home
from terminal import Terminal

SUPPORT = Path(__file__).parent.parent / "support"

DATA: list[list[str]] = [
    ["--help"],
    ["--version"],
    ["convert", "--help"],
    ["config", "list"],
    ["config", "list", "--json"],
    ["config", "get", "model.head"],
    ["config", "path"],
    ["models", "list"],
    ["models", "list", "--json"],
    ["models", "info", "{model}"],
    ["log", "stats"],
    ["log", "sessions"],
    ["log", "sessions", "--json"],
    ["stats"],
    ["stats", "--by", "document", "--json"],
    ["replay"],
    ["replay", "--json"],
    ["replay", "{session}", "--text-at", "end"],
    ["provenance", "{draft}"],
    ["provenance", "{draft}", "--html", "-"],
    ["provenance", "{draft}", "--json"],
    ["export"],
    ["export", "-f", "csv"],
    ["export", "-f", "events"],
    ["convert", "{here}/plain.md", "-o", "-"],
]
"""Calls that write data."""
NOTES: list[list[str]] = [
    ["nö\u4e00such\x1b", "x"],
    ["--nö\u4e00such"],
    ["write", "dräft\u4e00.md"],
    ["complete", "mïssing\u4e00.md"],
    ["config", "get", "nö.such\u4e00"],
    ["config", "set", "model.head", "Größe\u4e00"],
    ["models", "info", "nö\u4e00"],
    ["models", "add", "{draft}"],
    ["export", "--document", "nö\u4e00"],
    ["export", "-o", "{here}/nö\u4e00.jsonl", "--force"],
    ["import", "coauthor", "{draft}"],
    ["log", "off", "{draft}"],
    ["convert", "{here}/plain.md"],
]
"""Calls that have something to say of it."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> HostileHome:
    made = hostile_home(tmp_path_factory.mktemp("streams"))
    set_head(made)
    (made.folder / "plain.md").write_bytes("Größe\n".encode("cp1252"))
    return made


def set_head(there: HostileHome) -> None:
    """Settings with letters that few locales have."""
    config = there.folder / "home" / "config" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text('[model]\nhead = "Größe \u4e00 \U0001f600"\n', encoding="utf-8")


READ = ("file", "file")


def walk(
    there: HostileHome, calls: list[list[str]], *streams: tuple[str, str], **env: str
) -> list[tuple[list[str], int, bytes, bytes]]:
    """Each call with its exit code and what its streams got, first all with the first pair of streams."""
    names = {"draft": there.draft, "model": there.model, "session": there.session_id}
    filled = [[word.format(here=there.folder, **names) for word in words] for words in calls]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    clean.pop("LANG", None)
    given = [[words, *pair] for pair in streams or (READ,) for words in filled]
    done = subprocess.run(
        [sys.executable, SUPPORT / "stream_walk.py", json.dumps(given)],
        env={**clean, **there.env, **env},
        cwd=there.folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    told = [
        (words, one["code"], base64.b64decode(one["out"]), base64.b64decode(one["err"]))
        for (words, *_), one in zip(given, json.loads(done.stdout), strict=True)
    ]
    crashes = there.folder / "home" / "state" / "crashes"
    assert not crashes.exists(), [path.read_text() for path in crashes.iterdir()]
    for _, _, _, said in told:
        assert b"Traceback" not in said
        assert b"Exception ignored" not in said
    return told


C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize(
    "env",
    [
        pytest.param({"PYTHONIOENCODING": "latin-1"}, marks=pytest.mark.slow),
        {"PYTHONIOENCODING": "ascii:strict"},
        pytest.param({"PYTHONIOENCODING": "utf-16"}, marks=pytest.mark.slow),
        pytest.param({"LC_ALL": "C"}, marks=pytest.mark.slow),
        C,
    ],
    ids=["latin-1", "ascii", "utf-16", "C", "C without UTF-8"],
)
def test_e4_every_command_writes_utf8_in_any_locale(
    there: HostileHome, env: dict[str, str]
) -> None:
    calls = DATA if env is not C else [call for call in DATA if "provenance" not in call]
    got = walk(there, [*calls, *NOTES, ["config", "get", "model.head"]], **env)
    for words, code, out, _ in got[: len(calls)]:
        assert code == 0, words
        out.decode("utf-8")
        assert out, words
    for words, code, _, said in got[len(calls) : -1]:
        assert said.decode("utf-8").strip(), words
        assert b"(UnicodeEncodeError)" not in said
        assert code in (0, 1, 2), words
    assert got[-1][2].decode("utf-8").startswith("Größe")


@pytest.mark.pty
@pytest.mark.parametrize(
    ("env", "shown"),
    [
        ({}, "Größe \u4e00 \U0001f600".encode()),
        ({"PYTHONIOENCODING": "latin-1"}, b"Gr\xf6\xdfe ? ?"),
        ({"PYTHONIOENCODING": "ascii"}, "Größe \u4e00 \U0001f600".encode()),
        (C, "Größe \u4e00 \U0001f600".encode()),
    ],
    ids=["as ever", "latin-1", "ascii", "C without UTF-8"],
)
def test_e4_a_terminal_gets_what_it_can_show(
    there: HostileHome, env: dict[str, str], shown: bytes
) -> None:
    set_head(there)
    command = [sys.executable, "-m", "cowrite", "config", "get", "model.head"]
    with Terminal(command, env={**there.env, **env}, cwd=there.folder) as screen:
        assert screen.ended() == 0
        assert bytes(screen.sent).strip() == shown


def test_e4_a_reader_that_is_gone_ends_every_command_without_a_word(there: HostileHome) -> None:
    for words, code, _, said in walk(there, DATA, ("gone", "file")):
        assert (code, said) == (0, b""), words


@pytest.mark.parametrize(
    "state",
    ["closed", *(pytest.param(state, marks=pytest.mark.slow) for state in ("gone", "full"))],
)
def test_e4_notes_that_nobody_can_get_are_no_failure(there: HostileHome, state: str) -> None:
    calls = NOTES + DATA[-4:]
    codes = [code for _, code, _, _ in walk(there, calls, READ, ("file", state))]
    assert codes[len(calls) :] == codes[: len(calls)]


@pytest.mark.parametrize(
    ("state", "reason"),
    [("full", b"No space left on device."), ("closed", b"standard output is closed.")],
)
def test_e4_data_that_cant_be_written_is_a_sentence(
    there: HostileHome, state: str, reason: bytes
) -> None:
    for words, code, _, said in walk(there, DATA, (state, "file")):
        assert code == 1, words
        first = said.splitlines()[0]
        assert first == b"cowrite: The output can't be written: " + reason, words


def test_e4_what_writes_no_data_needs_no_output(there: HostileHome) -> None:
    calls = [["config", "set", "editor.column", "80"], ["log", "vacuum"]]
    states = [(state, "file") for state in ("closed", "gone", "full")]
    for words, code, _, said in walk(there, calls, *states):
        assert (code, bool(said)) == (0, True), words


@pytest.mark.parametrize(
    ("line", "code", "out", "err"),
    [
        ("cowrite config list | head -1", 0, "[model]\n", ""),
        ("cowrite config list >/dev/full", 1, "", "No space left"),
        ("cowrite config get editor.column >&-", 1, "", "standard output is closed"),
        ("cowrite config get editor.column 2>&-", 0, "80\n", ""),
        ("cowrite config get editor.colum 2>&1 >&- | head -c 7", 0, "cowrite", ""),
        ("cowrite config get editor.colum 2>/dev/full", 2, "", ""),
        ("cowrite complete <&-", 2, "", "There is no text to go on with."),
        ("cowrite convert - <&-", 2, "", "There is nothing on standard input."),
        ("cowrite log purge --all <&-", 2, "", "There is no log yet."),
    ],
)
def test_e4_shells_close_and_redirect(home: Any, line: str, code: int, out: str, err: str) -> None:
    command = line.replace("cowrite ", f"{sys.executable} -m cowrite ", 1)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, out)
    assert err in done.stderr
    assert bool(err) == bool(done.stderr)


def test_e4_a_text_of_the_call_that_is_no_utf8_is_a_sentence(home: Any) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cowrite", "complete", "--text", b"caf\xe9"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"What --text gives is not text in UTF-8." in done.stderr
