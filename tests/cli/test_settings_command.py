"""`cowrite config`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cowrite.config import describe
from cowrite.paths import Paths


def test_set_get_unset(call: Any, home: Paths) -> None:
    assert call("config", "get", "editor.column") == (0, "80\n", "")
    assert call("config", "set", "editor.column", "72") == (0, "", "editor.column = 72\n")
    assert call("config", "get", "editor.column") == (0, "72\n", "")
    assert call("config", "unset", "editor.column") == (0, "", "editor.column = 80\n")
    assert call("config", "get", "suggestions.stop") == (0, "sentence\n", "")


def test_list_shows_all_and_where_they_come_from(
    call: Any, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("config", "set", "editor.column", "72")
    call("config", "set", "keys.accept", "tab,f3")
    monkeypatch.setenv("COWRITE_UI_MOUSE", "off")
    Path("cowrite.toml").write_text("[suggestions]\ncount = 4\n")
    out = call("config", "list")[1]
    for line in (f"column = 72 {home.config_file}", "mouse = false $COWRITE_UI_MOUSE"):
        assert line in " ".join(out.replace("#", "").split())
    assert 'accept = "tab,f3"' in out
    rows = {row["key"]: row for row in json.loads(call("config", "list", "--json")[1])}
    assert set(rows) == {info.key for info in describe()}
    assert rows["suggestions.count"]["value"] == 4
    assert rows["suggestions.count"]["source"].endswith("cowrite.toml")
    assert rows["editor.focus"]["source"] == "default"
    assert rows["editor.focus"]["choices"] == ["off", "paragraph", "sentence"]
    changed = call("config", "list", "--changed")[1]
    assert "column = 72" in changed
    assert "typewriter" not in changed


def test_settings_as_they_hold_for_a_draft(call: Any, home: Paths, tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "cowrite.toml").write_text("[editor]\ncolumn = 66\n")
    assert call("config", "get", "editor.column", "--for", str(book / "a.md"))[1] == "66\n"
    assert call("config", "get", "editor.column")[1] == "80\n"


def test_set_says_where_something_else_holds(call: Any, home: Paths) -> None:
    Path("cowrite.toml").write_text("[editor]\ncolumn = 66\n")
    code, _, err = call("config", "set", "editor.column", "72")
    assert code == 0
    assert "cowrite.toml says so" in err


def test_path_names_the_files_that_are_read(call: Any, home: Paths) -> None:
    assert call("config", "path") == (0, f"{home.config_file}\n", "")
    Path("cowrite.toml").touch()
    assert call("config", "path")[1].splitlines()[1] == str(Path.cwd() / "cowrite.toml")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["get", "editor.colum"], "Did you mean 'editor.column'?"),
        (["get", "column"], "no setting 'column'"),
        (["set", "editor.column", "7"], "a whole number from 60 to 100"),
        (["set", "editor.column", "wide"], "a whole number from 60 to 100"),
        (["set", "suggestions.run_ahead", "fast"], "off, gentle or eager"),
        (["set", "ui.mouse", "perhaps"], "true or false"),
        (["get", "column"], "Did you mean 'editor.column'?"),
        (["set", "suggestions.run_ahead", "gentel"], "Did you mean 'gentle'? Allowed: off, gent"),
        (["set", "suggestions.preset", "Balancd"], "Did you mean 'balanced'?"),
        (["set", "editor.focus", "sentences"], "Did you mean 'sentence'?"),
        (["set", "ui.theme", "cowritepaper"], "Did you mean 'cowrite-paper'?"),
        (["set", "ui.theme", "solarised"], "There is no theme 'solarised'."),
        (["set", "ui.theme", "gruvboks"], "Did you mean 'gruvbox'?"),
        (["set", "keys.acept", "f3"], "Did you mean 'accept'?"),
        (["set", "keys.zzz", "f3"], "There is no action 'zzz'."),
        (["set", "keys.accept", "ctrl+s,ctrl+s"], "The key 'ctrl+s' is chosen"),
        (["set", "sampling.banned", '["the sun", "sea"'], '["the sun", "sea"].'),
        (["set", "sampling.banned", '"the sun, sea'], "Allowed: a list of texts"),
        (["set", "sampling.banned", "[1]"], "Allowed: a list of texts"),
    ],
)
def test_s3_s4_what_is_wrong_changes_nothing(
    call: Any, home: Paths, words: list[str], says: str
) -> None:
    code, out, err = call("config", *words)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 2
    assert not home.config_file.exists()


def test_a_model_that_nobody_knows_is_refused(call: Any, home: Paths, tmp_path: Path) -> None:
    for wrong, said in (
        ("nosuch", "There is no model"),
        ("gemma-3-270", "Did you mean"),
        ("./nosuch.gguf", "There is no file"),
    ):
        code, out, err = call("config", "set", "model.name", wrong)
        assert code != 0
        assert out == ""
        assert said in err or "no model" in err.lower()
        assert len(err.splitlines()) == 2
        assert not home.config_file.exists()
    (tmp_path / "own.gguf").touch()
    assert call("config", "set", "model.name", str(tmp_path / "own.gguf"))[0] == 0


@pytest.mark.parametrize(
    "said",
    [
        '["the sun", "sea"]',
        "['the sun', 'sea']",
        "the sun, sea",
        '"the sun", sea',
        "'the sun', sea",
    ],
)
def test_s4_a_list_is_a_list_however_it_is_written(
    call: Any, home: Paths, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    told = 'sampling.banned = ["the sun", "sea"]\n'
    assert call("config", "set", "sampling.banned", said) == (0, "", told)
    assert tomllib.loads(home.config_file.read_text()) == {
        "sampling": {"banned": ["the sun", "sea"]}
    }
    again = call("config", "get", "sampling.banned")[1].strip()
    assert call("config", "set", "sampling.banned", again) == (0, "", told)
    home.config_file.unlink()
    monkeypatch.setenv("COWRITE_SAMPLING_BANNED", said)
    assert call("config", "get", "sampling.banned")[1].strip() == again


@pytest.mark.parametrize("said", ['["tab", "f3"]', "tab,f3", "['tab', 'f3']"])
def test_s4_keys_are_a_list_too(call: Any, home: Paths, said: str) -> None:
    assert call("config", "set", "keys.accept", said)[0] == 0
    assert tomllib.loads(home.config_file.read_text())["keys"]["accept"] == "tab,f3"


def test_s3_a_theme_that_there_is_and_keys_are_taken(call: Any, home: Paths) -> None:
    for theme in ("auto", "cowrite-paper", "terminal-dark", "nord"):
        assert call("config", "set", "ui.theme", theme)[0] == 0
    assert call("config", "set", "keys.accept", "f3")[0] == 0
    code, _, err = call("config", "set", "keys.accept-word", "f3")
    assert code == 2
    assert "'f3' is chosen for 'accept' and for 'accept-word'" in err
    home.config_file.write_text("[keys]\nacept = 'f3'\n")
    assert (
        call("config", "set", "keys.accept", "f4")[0] == 0
    )  # what is wrong elsewhere is not asked for


def test_e4_a_setting_that_is_no_utf8_is_a_sentence(home: Paths) -> None:
    def run(*words: bytes, **env: bytes) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "cowrite", "config", *words],
            env={**os.environb, **{name.encode(): value for name, value in env.items()}},
            capture_output=True,
            check=False,
        )

    done = run(b"set", b"model.head", b"caf\xe9")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"cowrite: model.head is not text in UTF-8.")
    Path(os.fsdecode(b"caf\xe9.gguf")).touch()
    done = run(b"set", b"model.name", b"./caf\xe9.gguf")
    assert done.returncode == 2
    assert b"that name is not text in UTF-8" in done.stderr
    assert not home.config_file.exists()
    done = run(b"get", b"model.head", COWRITE_MODEL_HEAD=b"caf\xe9")
    assert done.returncode == 2
    assert b"$COWRITE_MODEL_HEAD: model.head is not text in UTF-8." in done.stderr


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("engine.remote", "http:/x", "engine.remote must be an address with http:// or https://."),
        ("engine.remote", "http://[x", "engine.remote is not an address."),
        ("engine.remote", "http://me:secret@127.0.0.1:1", "must not hold a name or a password"),
        ("engine.remote", "http://127.0.0.1:1/v1?key=a", "must end with its path"),
        ("engine.remote", "http://example.org/v1", "example.org would get the draft unencrypted"),
        ("engine.remote_key_file", "gone", "can't be read: No such file"),
        ("engine.remote_key_file", "open", "can be read by others on this machine"),
        ("models.instruct", "gemmma", "There is no model 'gemmma'."),
        ("models.writing", "gemmma", "There is no model 'gemmma'."),
    ],
)
def test_what_the_start_would_refuse_is_not_set(
    call: Any, home: Paths, key: str, value: str, says: str
) -> None:
    Path("open").write_text("key\n")
    Path("open").chmod(0o644)
    code, out, err = call("config", "set", key, value)
    assert (code != 0, out) == (True, "")
    assert says in err
    assert "secret" not in err
    assert not home.config_file.exists()


def test_where_drafts_are_sent_is_looked_at_with_what_allows_it(call: Any, home: Paths) -> None:
    Path("cowrite.toml").write_text('[engine]\nremote = "never"\n')
    assert call("config", "set", "engine.remote", "http:/x")[0] == 1, "whatever a project here says"
    assert call("config", "set", "engine.remote_plain_http", "on")[0] == 0
    assert call("config", "set", "engine.remote", "http://example.org")[0] == 0
    code, _, err = call("config", "set", "engine.remote_plain_http", "off")
    assert (code, "would get the draft unencrypted" in err) == (1, True)
    for value in ("never", ""):
        assert call("config", "set", "engine.remote", value)[0] == 0
    assert call("config", "set", "engine.remote_plain_http", "off")[0] == 0


def test_a_key_file_is_meant_from_where_it_was_set(
    call: Any, home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("key").write_text("abc\n")
    Path("key").chmod(0o600)
    here = Path.cwd()
    assert call("config", "set", "engine.remote_key_file", "key")[0] == 0
    monkeypatch.chdir(tmp_path)
    assert call("config", "get", "engine.remote_key_file")[1] == f"{here / 'key'}\n"
    assert call("config", "set", "engine.remote", "http://127.0.0.1:1")[0] == 0
    (here / "key").unlink()
    code, _, err = call("config", "set", "engine.remote", "http://127.0.0.1:2")
    assert (code, "can't be read: No such file" in err) == (1, True)
    assert call("config", "set", "engine.remote_key_file", "")[0] == 0
    assert call("config", "set", "engine.remote", "http://127.0.0.1:2")[0] == 0


def test_a_setting_can_be_set_where_another_one_is_wrong(call: Any, home: Paths) -> None:
    home.config_file.parent.mkdir(parents=True)
    home.config_file.write_text('[engine]\nremote_plain_http = "maybe"\n')
    assert call("config", "set", "engine.remote_plain_http", "on")[0] == 0
    assert call("config", "get", "engine.remote_plain_http")[1] == "true\n"
