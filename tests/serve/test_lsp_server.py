"""The language server as an editor meets it: a process on pipes, with the stand-in for the model."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_host import DEFAULT
from language_client import WAIT, LanguageClient

from cowrite.cli.main import main
from cowrite.core.events import Closed, Edited, Ended, Saved, Shown
from cowrite.core.outcome import Closing
from cowrite.store import Store
from cowrite.store.reader import LogReader

TEXTS = DEFAULT[0]
TALE = "The old man went\nout\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def uri(home: Path) -> str:
    draft = home / "tale \u00e9.md"
    draft.write_bytes(TALE.encode())
    return draft.as_uri()


@pytest.fixture
def editor(home: Path, uri: str) -> Iterator[LanguageClient]:
    with LanguageClient(home) as client:
        client.initialize()
        client.open(uri, TALE)
        yield client


def log_of(home: Path) -> list[Any]:
    """The bodies of all events, session by session."""
    with Store.open(home / "data" / "log.sqlite3"):
        reader = LogReader.open(home / "data" / "log.sqlite3")
        return [
            event.body
            for session in reader.sessions()
            for event in reader.events(session.session_id)
        ]


def of(home: Path, kind: type) -> list[Any]:
    return [body for body in log_of(home) if isinstance(body, kind)]


def exported(capsys: pytest.CaptureFixture[str], form: str = "suggestions") -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["export", "-f", form]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def wait_for_the_log(home: Path, last: bytes) -> None:
    """Wait until the last edit is where a kill can't take it: within some milliseconds, if there is time."""
    tails = home / "data" / "log.sqlite3-tails"
    eventually(
        lambda: any(
            last in one.read_bytes()
            for one in (*tails.iterdir(), *tails.parent.glob("log*"))
            if one.is_file()
        )
    )


def eventually(settled: Callable[[], Any]) -> Any:
    until = time.monotonic() + WAIT
    while not (found := settled()):
        assert time.monotonic() < until
        time.sleep(0.02)
    return found


def test_all_that_becomes_of_suggestions_is_in_the_exports(
    editor: LanguageClient, home: Path, uri: str, capsys: pytest.CaptureFixture[str]
):
    items = editor.items(uri, 0, 16)
    assert [item["insertText"] for item in items] == list(TEXTS)
    assert items[0]["range"] == {
        "start": {"line": 0, "character": 16},
        "end": {"line": 0, "character": 16},
    }
    # Taken whole, and a word of it changed later.
    editor.change(uri, (0, 16, 0, 16, TEXTS[0]))
    assert editor.run(items[0]) is None
    word = 16 + TEXTS[0].index("river")
    editor.change(uri, (0, word, 0, word + 5, "stream"))
    # Refused.
    items = editor.items(uri, 1, 3)
    editor.command("cowrite.rejected", items[0]["command"]["arguments"][0])
    # Asked again.
    first = editor.items(uri, 1, 3)
    others = editor.items(uri, 1, 3)
    assert first[0]["command"]["arguments"] != others[0]["command"]["arguments"]
    # Something else was typed.
    editor.change(uri, (1, 3, 1, 3, "!"))
    # Taken in part, and then left.
    items = editor.items(uri, 1, 4)
    identity = items[1]["command"]["arguments"][0]
    assert editor.command("cowrite.take", identity, 1, "word") == {"text": " while"}
    editor.change(uri, (1, 4, 1, 4, " while"))
    editor.change(uri, (0, 0, 0, 0, "So: "))
    assert editor.end() == 0
    rows = {row["suggestion_id"]: row for row in exported(capsys)}
    outcomes = [row["outcome"] for row in rows.values()]
    assert outcomes == ["edited", "rejected", "regenerated", "ignored", "accepted_partial"] or outcomes == [
        "edited", "rejected", "unseen", "unseen", "accepted_partial",
    ]  # fmt: skip
    assert capsys.readouterr().err == ""
    assert main(["stats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["requests"] == 5
    assert main(["provenance", str(next(home.glob("*.md"))), "--json"]) == 0


def test_what_the_editor_says_of_the_screen_and_of_parts_is_taken(
    editor: LanguageClient, home: Path, uri: str
):
    items = editor.items(uri, 0, 16)
    editor.notify("textDocument/didShowCompletion", {"item": items[2]})
    editor.notify(
        "textDocument/didPartiallyAcceptCompletion", {"item": items[2], "acceptedLength": 7}
    )
    editor.change(uri, (0, 16, 0, 16, TEXTS[2][:7]))
    editor.items(uri, 1, 0)
    assert editor.end() == 0
    identity = items[0]["command"]["arguments"][0]
    shown = of(home, Shown)
    # The first was presumed to be seen; who tells it once is presumed nothing of from then on.
    assert shown == [Shown(identity, 0), Shown(identity, 2)]
    (taken,) = [one.edit for one in of(home, Edited) if one.edit.suggestion_id]
    assert (taken.inserted, taken.candidate) == (TEXTS[2][:7], 2)


def test_a_cancelled_request_stops_the_engine(home: Path, uri: str):
    record = home / "record"
    with LanguageClient(home, first_delay=600, record=str(record)) as editor:
        editor.initialize()
        editor.open(uri, TALE)
        asked = editor.asking(uri, 0, 16)
        eventually(lambda: record.exists() and b'"suggest"' in record.read_bytes())
        editor.notify("$/cancelRequest", {"id": asked})
        assert editor.answer(asked)["error"]["code"] == -32800
        eventually(lambda: b'"cancel"' in record.read_bytes())
        assert editor.end() == 0
    assert [body.closing for body in of(home, Closed)] == [Closing.CANCELLED]


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 11), ("utf-16", 6), ("utf-32", 5)])
def test_columns_are_the_editors(home: Path, encoding: str, column: int):
    draft = home / "wide.md"
    line = "a\u00e9\u6f22\U0001f600b"
    draft.write_bytes(f"{line}\r\nend\r\n".encode())
    with LanguageClient(home) as editor:
        capabilities = editor.initialize("latin-1", encoding, "utf-16")
        assert capabilities["positionEncoding"] == encoding
        editor.open(draft.as_uri(), f"{line}\r\nend\r\n")
        editor.change(draft.as_uri(), (0, column - 1, 0, column, "c"))
        (first, *_) = editor.items(draft.as_uri(), 0, column)
        assert first["range"]["start"] == {"line": 0, "character": column}
        editor.change(draft.as_uri(), (0, column, 0, column, first["insertText"]))
        assert editor.end() == 0
    edits = [one.edit for one in of(home, Edited)]
    assert [(edit.start, edit.deleted, edit.inserted) for edit in edits] == [
        (4, "b", "c"),
        (5, "", TEXTS[0]),
    ]


def test_unasked_it_waits_for_a_pause_and_holds_back(home: Path, uri: str):
    with LanguageClient(home, "suggestions.auto_pause_ms=1500", first_delay=0.2) as editor:
        editor.initialize()
        editor.open(uri, TALE)
        assert len(editor.items(uri, 0, 16)) == 3  # the model is there now
        # A change right behind a request is none of the text that the request is about.
        asked = editor.asking(uri, 1, 3, invoked=False)
        editor.change(uri, (1, 3, 1, 3, " to"))
        assert editor.answer(asked)["result"]["items"] == []
        found = editor.items(uri, 1, 6, invoked=False)
        assert [item["insertText"] for item in found] == list(TEXTS)
        # In a heading nothing is said that nobody asked for.
        editor.change(uri, (0, 0, 0, 0, "# "))
        assert editor.items(uri, 0, 18, invoked=False) == []
        # While the editor's own list of words is open, the text at its end isn't there.
        info = {"range": found[0]["range"], "text": "tomato"}
        asked = editor.asking(uri, 1, 6, selectedCompletionInfo=info)
        assert editor.answer(asked)["result"] is None
        assert editor.end() == 0


def test_who_draws_gets_the_text_as_it_grows(home: Path, uri: str):
    with LanguageClient(home, chunk_delay=0.05) as editor:
        editor.initialize(draws=True, tellsShown=True)
        editor.open(uri, TALE)
        asked = editor.asking(uri, 0, 16)
        first = editor.notified("cowrite/ghost")
        assert TEXTS[0].startswith(first["text"])
        assert (first["uri"], first["index"]) == (uri, 0)
        told = {"item": {"command": {"arguments": [first["id"], 0]}}}
        editor.notify("textDocument/didShowCompletion", told)
        taken = editor.command("cowrite.take", first["id"], 0, "word")
        assert taken == {"text": " and"}
        editor.change(uri, (0, 16, 0, 16, " and"))
        items = editor.answer(asked)["result"]["items"]
        assert items[0]["insertText"] == TEXTS[0][4:]
        assert items[0]["range"]["start"]["character"] == 20
        assert editor.end() == 0
    assert of(home, Shown) == [Shown(first["id"], 0)]


def test_a_killed_server_has_lost_nothing(editor: LanguageClient, home: Path, uri: str):
    items = editor.items(uri, 0, 16)
    editor.change(uri, (0, 16, 0, 16, TEXTS[0]))
    editor.change(uri, (0, 0, 0, 3, "An"))
    editor.run(items[0])
    wait_for_the_log(home, b"An")
    editor.process.send_signal(signal.SIGKILL)
    editor.process.wait(WAIT)
    with Store.open(home / "data" / "log.sqlite3") as store:
        lost = store.reader.unsaved(str(next(home.glob("*.md"))))
        assert lost is not None
        assert lost.text == "An old man went" + TEXTS[0] + "\nout\n"
    with LanguageClient(home) as again:
        again.initialize()
        again.open(uri, TALE)
        assert "cut off" in again.notified("window/showMessage")["message"]
        assert again.end() == 0


@pytest.mark.parametrize(("how", "code"), [("hangup", 1), ("terminated", 1), ("quit", 0)])
def test_each_end_is_an_orderly_one(
    editor: LanguageClient, home: Path, uri: str, how: str, code: int
):
    editor.change(uri, (0, 0, 0, 3, "An"))
    editor.items(uri, 0, 0)
    if how == "terminated":
        editor.process.terminate()
        assert editor.process.wait(WAIT) == code
    else:
        assert (editor.die() if how == "hangup" else editor.end()) == code
    assert [body.how for body in of(home, Ended)] == [how]
    with Store.open(home / "data" / "log.sqlite3") as store:
        lost = store.reader.unsaved(str(next(home.glob("*.md"))))
        assert (lost is None) is (how == "quit")
    assert editor.errors == ""


def test_a_saved_draft_is_known_when_it_is_opened_again(
    editor: LanguageClient, home: Path, uri: str, capsys: pytest.CaptureFixture[str]
):
    items = editor.items(uri, 0, 16)
    editor.change(uri, (0, 16, 0, 16, items[0]["insertText"]))
    draft = next(home.glob("*.md"))
    draft.write_text(TALE.replace("went", "went" + TEXTS[0]))
    editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert editor.end() == 0
    (saved,) = of(home, Saved)
    assert (saved.path, saved.size) == (str(draft), len(draft.read_bytes()))
    assert main(["provenance", str(draft), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "model" in json.dumps(told)


def test_two_editors_write_one_log(home: Path, uri: str):
    other = home / "other.md"
    other.write_text("Once\n")
    with LanguageClient(home) as one, LanguageClient(home) as two:
        for client, name, text in ((one, uri, TALE), (two, other.as_uri(), "Once\n")):
            client.initialize()
            client.open(name, text)
        one.items(uri, 0, 16)
        two.open(uri, TALE)
        for _ in range(3):
            for client, name, column in ((one, uri, 16), (two, other.as_uri(), 4)):
                items = client.items(name, 0, column)
                client.change(name, (0, column, 0, column, TEXTS[1]))
                client.run(items[1])
                client.change(name, (0, column, 0, column + len(TEXTS[1]), ""))
        assert one.end() == two.end() == 0
    assert len([one for one in of(home, Edited) if one.edit.suggestion_id]) == 6


@pytest.mark.parametrize("how", ["draft", "setting"])
def test_where_nothing_is_to_be_kept_nothing_is(home: Path, uri: str, how: str):
    draft = next(home.glob("*.md"))
    settings = []
    if how == "draft":
        assert main(["log", "off", str(draft)]) == 0
    else:
        settings.append("log.enabled=false")
    with LanguageClient(home, *settings) as editor:
        editor.initialize()
        editor.open(uri, TALE)
        editor.change(uri, (0, 16, 0, 16, editor.items(uri, 0, 16)[0]["insertText"]))
        draft.write_text(TALE.replace("went", "went" + TEXTS[0]))
        editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        assert editor.end() == 0
    assert of(home, Shown) == []
    assert of(home, Edited) == []


def test_a_megabyte_is_kept_in_step(home: Path):
    draft = home / "long.md"
    text = "".join(f"Line {number} of a long \u00e9 draft.\n" for number in range(36_000))
    assert len(text) > 1 << 20
    draft.write_text(text)
    lines = text.split("\n")
    with LanguageClient(home) as editor:
        editor.initialize()
        editor.open(draft.as_uri(), text)
        for number in range(0, 36_000, 1000):
            editor.change(draft.as_uri(), (number, 0, number, 4, "Row"))
            lines[number] = "Row" + lines[number][4:]
        editor.items(draft.as_uri(), 35_999, 9)
        text = "\n".join(lines).replace("Row 0 ", "First ")
        editor.change(draft.as_uri(), text)
        wait_for_the_log(home, b"First")
        editor.process.kill()
        editor.process.wait(WAIT)
    with Store.open(home / "data" / "log.sqlite3") as store:
        lost = store.reader.unsaved(str(draft))
        assert lost is not None
        assert lost.text == text


def test_nothing_that_comes_in_ends_it(editor: LanguageClient, home: Path, uri: str):
    def framed(body: bytes) -> bytes:
        return b"Content-Length: %d\r\n\r\n" % len(body) + body

    for body in (b"{", b"[]", b"1", b"null", b'{"jsonrpc": "2.0"}', b"\xff\xfe", b"[" * 5000):
        editor.send_bytes(framed(body))
    editor.notify("textDocument/didChange", {"textDocument": {"uri": uri}})
    editor.notify("textDocument/didShowCompletion", None)
    editor.notify("textDocument/didPartiallyAcceptCompletion", {"item": 7, "acceptedLength": "x"})
    editor.notify("cowrite/didMove", {"textDocument": uri, "position": {"line": "x"}})
    editor.notify("no/such", {"a": [1]})
    editor.change("file:///no/such/draft.md", (0, 0, 0, 0, "x"))
    editor.change(uri, (-3, -3, 999, 999, TALE))
    editor.open("untitled:Untitled-1", "")
    editor.open("file://" + str(home), "a folder\n")
    editor.open((home / "no" / "such" / "folder.md").as_uri(), "new\n")
    editor.open("file:///%00/nul.md", "nul\n")
    for name in ("untitled:Untitled-1", "file://" + str(home), "file:///%00/nul.md"):
        assert len(editor.items(name, 9, 9)) == 3
    assert editor.answer(editor.asking("file:///no/such/draft.md", 0, 0))["result"] is None
    for arguments in ((), (None,), (1, 2), ("x", "y", {}), ({"a": 1},)):
        editor.command("cowrite.accepted", *arguments)
        editor.command("cowrite.rejected", *arguments)
        assert editor.command("cowrite.take", *arguments) == {"text": ""}
    assert len(editor.items(uri, 0, 16)) == 3
    assert editor.end() == 0
    assert not list((home / "state").rglob("crash-*"))


def test_without_a_model_it_says_why_and_goes_on(home: Path, uri: str):
    with LanguageClient(home, fail_load="It can't be read.") as editor:
        editor.initialize()
        editor.open(uri, TALE)
        assert editor.items(uri, 0, 16) == []
        while "It can't be read." not in editor.notified("window/showMessage")["message"]:
            pass
        assert editor.items(uri, 0, 16, invoked=False) == []
        editor.change(uri, (0, 0, 0, 3, "An"))
        assert editor.end() == 0


def test_a_log_that_cannot_be_written_is_told(home: Path, uri: str):
    (home / "data").mkdir()
    (home / "data" / "log.sqlite3").mkdir()
    with LanguageClient(home) as editor:
        editor.initialize()
        editor.open(uri, TALE)
        assert "log" in editor.notified("window/showMessage")["message"]
        assert len(editor.items(uri, 0, 16)) == 3
        assert editor.end() == 0


def test_the_command_says_what_it_is_for_and_does_not_wait_at_a_terminal(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    assert main(["lsp", "--help"]) == 0
    assert "inlineCompletion" in capsys.readouterr().out
    master, slave = os.openpty()
    monkeypatch.setattr("sys.stdin", os.fdopen(slave, "r"))
    assert main(["lsp", "--stdio"]) == 2
    assert "An editor starts this" in capsys.readouterr().err
    os.close(master)


def test_without_the_extra_it_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    from cowrite.cli.lsp import lsp
    from cowrite.errors import CowriteError

    with pytest.raises(CowriteError) as raised:
        lsp()
    assert "pip install 'cowrite[lsp]'" in raised.value.hint
