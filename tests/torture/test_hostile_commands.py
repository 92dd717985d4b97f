"""Every command, in a terminal, where every text it can meet is hostile: none of it steers the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import hostile
import pytest
import typer.main
from hostile_home import OTHER, HostileHome, hostile_home
from real_models import model_file
from terminal import Terminal
from walk_commands import MARK

pytestmark = pytest.mark.pty

SUPPORT = Path(__file__).parent.parent / "support"
WALK: list[tuple[str, ...]] = [
    ("--help",),
    ("no\x1b]0;INJECTED\x07such", "x"),
    ("--no\x1b]0;INJECTED\x07such",),
    ("write", "{here}/no\x1b]0;INJECTED\x07/folder/x.md"),
    ("write", "{here}"),
    ("complete", "{draft}", "--model", "{model}"),
    ("complete", "{draft}", "--model", "no\x9b2J\x1b]0;INJECTED\x07such"),
    ("complete", "{draft}", "--config", "{model}"),
    ("complete", "--batch", "{draft}", "--model", "{model}"),
    ("complete", "--batch", "{draft}", "-m", "{real}"),
    ("complete", "--batch", "{here}/no\x1b]0;INJECTED\x07such"),
    ("serve", "--port", "0", "--model", "no\x9b2J\x1b]0;INJECTED\x07such"),
    ("serve", "--token-file", "{here}/no\x1b]0;INJECTED\x07such"),
    ("rewrite", "{draft}", "-i", "shorten", "--model", "{model}"),
    (
        "rewrite",
        "{draft}",
        "-i",
        "no\x1b]0;INJECTED\x07such",
        "--range",
        "\x9b2J:\x1b]0;INJECTED\x07",
    ),
    ("rewrite", "{here}/no\x1b]0;INJECTED\x07such", "-i", "past"),
    ("translate", "{draft}", "--to", "\x1b]0;INJECTED\x07"),
    ("translate", "{draft}", "--to", "de", "--model", "no\x9b2J\x1b]0;INJECTED\x07such"),
    ("ask", "{draft}", "Who is \x1b]0;INJECTED\x07?", "--model", "{model}"),
    ("ask", "{here}/no\x1b]0;INJECTED\x07such", "Who?"),
    ("summarise", "{draft}", "--model", "{model}"),
    ("summarise", "{draft}", "--words", "1"),
    ("proofread", "{draft}", "--json"),
    ("proofread", "{draft}", "--only", "no\x1b]0;INJECTED\x07such"),
    ("proofread", "{here}/no\x1b]0;INJECTED\x07such"),
    ("new", "{here}/book\x1b]0;INJECTED\x07"),
    ("new", "{here}/book\x1b]0;INJECTED\x07"),
    ("new", "{draft}/no\x9b2Jplace"),
    ("book", "{draft}", "--check"),
    ("book", "{draft}", "{book}", "--to", "txt", "-o", "-"),
    ("book", "{draft}", "--to", "md", "-o", "-"),
    ("book", "{wrong}", "-o", "{here}/a\x1b]0;INJECTED\x07.docx"),
    ("book", "{here}/no\x1b]0;INJECTED\x07such", "--to", "no\x9b2Jsuch", "-o", "-"),
    ("context", "{draft}", "--model", "{model}"),
    ("context", "{book}", "-m", "{real}"),
    ("context", "{book}", "-m", "{real}", "--json"),
    (
        "weigh",
        "{book}",
        "-m",
        "{real}",
        "--text",
        " a\x1b]0;INJECTED\x07",
        "--at",
        "300",
    ),
    ("weigh", "{book}", "-m", "{real}", "--text", " a", "--no-attention", "--json"),
    ("context", "{wrong}", "-m", "{real}"),
    ("context", "{here}/no\x1b]0;INJECTED\x07such"),
    ("weigh", "{draft}", "--model", "{model}"),
    (
        "weigh",
        "{draft}",
        "-m",
        "{real}",
        "-t",
        " x",
        "-w",
        "no\x1b]0;INJECTED\x07such",
        "--at",
        "0",
    ),
    ("replay", "{session}", "--text-at", "end"),
    ("replay", "\x1b]0;INJECTED\x07"),
    ("at", "{draft}", "--time", "now"),
    ("at", "{draft}", "--list"),
    ("at", "{draft}", "--time", "no\x1b]0;INJECTED\x07such"),
    ("at", "no\x1b]0;INJECTED\x07such", "--time", "now"),
    ("snapshot", "take", "no\x1b]0;INJECTED\x07such", "{draft}"),
    ("snapshot", "list"),
    ("snapshot", "compare", "no\x1b]0;INJECTED\x07such"),
    ("snapshot", "back", "\x1b]0;INJECTED\x07", "{here}"),
    ("lsp", "--model", "no\x9b2J\x1b]0;INJECTED\x07such"),
    ("convert", "{draft}", "-o", "-"),
    ("provenance", "{draft}"),
    ("provenance", "{draft}", "--markdown"),
    ("provenance", "{draft}", "--json"),
    ("provenance", "{draft}", "--html", "-"),
    ("stats",),
    ("stats", "--by", "model"),
    ("stats", "--by", "document"),
    ("stats", "--json"),
    ("export", "-o", "-"),
    ("export", "--format", "events", "-o", "-"),
    ("export", "--format", "csv", "-o", "-"),
    ("export", "--format", "csv", "--excel", "-o", "-"),
    ("export", "--format", "sft", "--excel", "-o", "-"),
    ("export", "--format", "sft", "-o", "-"),
    ("export", "--format", "preference", "-o", "-"),
    ("export", "--format", "kto", "-o", "-"),
    ("export", "--format", "coauthor", "-o", "{here}/co\x1b]0;INJECTED\x07"),
    ("export", "--format", "no\x1b]0;INJECTED\x07such", "-o", "-"),
    ("export", "--document", "{draft}", "-o", "{draft}"),
    ("import", "coauthor", "{draft}"),
    ("import", "no\x1b]0;INJECTED\x07such", "{draft}"),
    ("import", "book", "{draft}", "-o", "{here}/from\x1b]0;INJECTED\x07"),
    ("import", "book", "{here}", "-o", "{here}/from\x9b2J"),
    ("import", "book", "{here}/no\x1b]0;INJECTED\x07such.docx", "-o", "{here}/from\x9b2J"),
    ("import", "book", "{nwx}", "-o", "{here}/from\x1b]0;INJECTED\x07"),
    ("import", "book", "{nwx}", "-o", "{here}/from\x1b]0;INJECTED\x07"),
    ("log", "stats"),
    ("log", "sessions"),
    ("log", "scratch", "{draft}"),
    ("log", "sessions", "--json"),
    ("log", "off", "{draft}"),
    ("log", "on", "{draft}"),
    ("log", "move", "{draft}", "{here}/no\x1b]0;INJECTED\x07such"),
    ("log", "move", "{here}/no\x1b]0;INJECTED\x07such", "{draft}"),
    ("log", "vacuum"),
    ("learn", "--model", "{model}"),
    ("learn", "add", "{draft}"),
    ("learn", "add", "{here}/no\x1b]0;INJECTED\x07such"),
    ("learn", "status", "--model", "{model}"),
    ("learn", "status", "--json", "--model", "{model}"),
    ("learn", "evaluate", "{draft}", "--model", "{model}"),
    ("learn", "exclude", "{draft}"),
    ("learn", "exclude", "no\x1b]0;INJECTED\x07such"),
    ("learn", "include", "{draft}"),
    ("learn", "rollback", "9", "--model", "{model}"),
    ("learn", "forget", "--document", "no\x1b]0;INJECTED\x07such", "--yes"),
    ("learn", "forget", "--all", "--yes"),
    ("learn", "evaluate", "{draft}", "--earlier", "{here}/no\x1b]0;INJECTED\x07such"),
    ("learn", "evaluate", "{draft}", "--earlier", "{draft}", "--model", "{model}"),
    ("models", "info", "{model}"),
    ("models", "info", "{model}", "--json"),
    ("models", "verify", "{model}"),
    ("models", "add", "{model}", "--name", "evil"),
    ("models", "add", "{draft}"),
    ("models", "add", "{here}/\x1b]0;INJECTED\x07-00002-of-00002.gguf"),
    ("models", "info", "{here}/\x1b]0;INJECTED\x07-00002-of-00002.gguf"),
    ("models", "pull", "no\x1b]0;INJECTED\x07such"),
    ("models", "pull", "hf:a/b:\x9b2J\x1b]0;INJECTED\x07"),
    ("models", "pull", "http://127.0.0.1:9/\x1b]0;INJECTED\x07.gguf"),
    ("models", "list"),
    ("models", "list", "--json"),
    ("models", "advise", "--no-measure"),
    ("models", "advise", "--no-measure", "--json"),
    ("models", "advise", "evil", "--no-measure"),
    ("models", "advise", "no\x1b]0;INJECTED\x07such", "--no-measure"),
    ("models", "advise", "--for", "\x1b]0;INJECTED\x07"),
    ("models", "use", "{model}"),
    ("models", "info", "evil"),
    ("models", "remove", "evil"),
    ("models", "remove", "\x1b]0;INJECTED\x07"),
    ("config", "list"),
    ("config", "get", "no.\x1b]0;INJECTED\x07such"),
    ("config", "get", "model.name"),
    ("config", "set", "model.name", "m\x1b]0;INJECTED\x07\x9b2J"),
    ("config", "list"),
    ("config", "unset", "model.name"),
    ("config", "set", "ui.theme", "no\x1b]0;INJECTED\x07such"),
    ("config", "set", "keys.no\x1b]0;INJECTED\x07such", "f3"),
    ("config", "set", "sampling.banned", '["\x9b2J", "m\x1b]0;INJECTED\x07"'),
    ("config", "set", "sampling.banned", '"\x9b2J", m\x1b]0;INJECTED\x07'),
    ("config", "get", "sampling.banned"),
    ("config", "unset", "sampling.banned"),
    ("config", "path"),
    ("doctor",),
    ("bench", "--model", "{model}"),
    ("log", "purge", "--document", "{draft}"),
]
"""In this order, in one home. What is in braces is filled in."""

NOT_WALKED = {"bench"}
"""Walked above with a model that can't be loaded only: it measures for minutes."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> HostileHome:
    return hostile_home(tmp_path_factory.mktemp("hostile"))


def leaves(command: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The commands that do something, by their words."""
    import click

    if isinstance(command, click.Group) or hasattr(command, "list_commands"):
        context = click.Context(command)  # type: ignore[arg-type]
        for name in command.list_commands(context):  # type: ignore[attr-defined]
            yield from leaves(command.get_command(context, name), (*path, name))  # type: ignore[attr-defined]
    else:
        yield path


def filled(words: tuple[str, ...], home: HostileHome) -> list[str]:
    values = {
        "{here}": str(home.folder),
        "{draft}": str(home.draft),
        "{model}": str(home.model),
        "{session}": home.session_id,
        "{book}": str(home.book),
        "{wrong}": str(home.wrong),
        "{nwx}": str(home.folder / OTHER),
        "{real}": str(model_file("cut smollm2").path),
    }
    out = []
    for word in words:
        for name, value in values.items():
            word = word.replace(name, value)
        out.append(word)
    return out


def test_every_command_is_walked() -> None:
    from cowrite.cli.main import app

    walked = {words[:2] for words in WALK} | {words[:1] for words in WALK}
    missing = {leaf for leaf in leaves(typer.main.get_command(app)) if leaf not in walked}
    assert missing == set()


@pytest.mark.timeout(1000)
def test_no_command_sends_anything_hostile(home: HostileHome) -> None:
    words = [filled(words, home) for words in WALK]
    program = [sys.executable, str(SUPPORT / "walk_commands.py"), json.dumps(words)]
    with Terminal(program, env=home.env, cwd=home.folder, columns=200, rows=50) as terminal:
        terminal._feed = lambda data: None  # type: ignore[method-assign]  # only the bytes matter
        terminal.write("n\n")
        terminal.ended(900)  # some load a model, and the machine may have other work
        sent = bytes(terminal.sent).decode("utf-8", "replace")
    bad = {}
    for number, call in enumerate(WALK):
        said = sent.partition(MARK.format(number))[2].partition("=== command ")[0]
        assert said.strip() or call[0] == "log", f"{call} said nothing"
        found = hostile.slips(said)
        found += [
            word for word in ("Traceback", "Something failed in cowrite itself") if word in said
        ]
        if found:
            bad[call] = found
    assert bad == {}
    assert MARK.format("end") in sent


def test_the_corpus_would_be_noticed() -> None:
    """Sent as it is, each of the escapes is found."""
    assert [name for name, text in hostile.ESCAPES.items() if not hostile.slips(text)] == []
