"""`cowrite models` on a user's own small models."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from make_gguf import PLAIN, gguf, write_gguf

from cowrite.config import load
from cowrite.paths import Paths

GEMMA = "gemma-3-270m"


@pytest.fixture
def tiny(home: Paths, call: Any) -> Path:
    """A model of the user's, added as `tiny`."""
    path = write_gguf(Path.cwd() / "tiny.gguf")
    code, out, err = call("models", "add", "tiny.gguf")
    assert (code, out) == (0, "")
    assert "Added tiny (llama, 0 MB, base)" in err
    return path


def test_list_marks_the_one_in_use(call: Any, tiny: Path) -> None:
    code, out, _ = call("models", "list")
    assert code == 0
    lines = {line[2:].split()[0]: line for line in out.splitlines()}
    assert lines[GEMMA].startswith("* ")
    assert lines["tiny"].startswith("  tiny")
    assert "ready" in lines["tiny"]
    rows = json.loads(call("models", "list", "--json")[1])
    by_name = {row["name"]: row for row in rows}
    assert by_name[GEMMA]["used"]
    assert by_name["tiny"]["path"] == str(tiny)
    assert by_name["tiny"]["licence"] == "mit"


def test_use_holds_from_then_on_and_a_slip_changes_nothing(
    call: Any, home: Paths, tiny: Path
) -> None:
    assert call("models", "use", "tiny")[0] == 0
    assert load(home).model.name == "tiny"
    code, _, err = call("models", "use", "tinny")
    assert code == 2
    assert "'tiny'" in err
    assert load(home).model.name == "tiny"
    code, _, err = call("models", "remove", "tiny")
    assert code == 0
    assert "in use" in err
    assert tiny.exists()


def test_use_says_where_something_else_holds(
    call: Any, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COWRITE_MODEL", GEMMA)
    code, _, err = call("models", "use", "tiny")
    assert code == 0
    assert f"says otherwise: {GEMMA}" in err


def test_info_reads_the_header_and_says_what_memory_it_needs(call: Any, tiny: Path) -> None:
    for name in ("tiny", str(tiny)):
        entry = json.loads(call("models", "info", name, "--json")[1])
        assert entry["architecture"] == "llama"
        assert entry["quantisation"] == "Q4_K_M"
        assert entry["context_length"] == 512
        assert entry["memory"]["total"] == sum(
            entry["memory"][part] for part in ("file", "kv", "overhead")
        )
        assert entry["memory_context"] == 512
        assert entry["fits"] is True
        text = call("models", "info", name)[1]
        assert "Q4_K_M" in text
        assert "free memory" in text


def test_info_shows_no_control_code_of_a_header(call: Any, home: Paths) -> None:
    evil = "\x1b]52;c;AAAA\x07\x9b2J\u202e"
    values = PLAIN | {
        "general.name": ("text", evil),
        "general.license": ("text", evil),
        "general.architecture": ("text", "llama" + evil),
    }
    path = write_gguf(Path.cwd() / "e\x1b[31mvil.gguf", gguf(values))
    for words in (["info", str(path)], ["info", str(path), "--json"], ["add", str(path)], ["list"]):
        _, out, err = call("models", *words)
        assert out or err
        assert not set(out + err) & set("\x1b\x07\x9b\u202e"), words


def test_verify_one_and_all(call: Any, tiny: Path) -> None:
    assert "tiny: as its card says" in call("models", "verify", "tiny")[1]
    write_gguf(tiny, gguf(PLAIN | {"general.name": ("text", "Other")}))
    code, out, err = call("models", "verify", "tiny")
    assert (code, out) == (1, "")
    assert "changed since it was added" in err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["info", "nothing"], 2, "no model 'nothing'"),
        (["info", "gema-3-270m"], 2, "Did you mean 'gemma-3-270m'?"),
        (["info", "none.gguf"], 1, "no model file"),
        (["info", "."], 2, "no model '.'"),
        (["info", "./"], 1, "is a folder"),
        (["add", "none.gguf"], 1, "no model file"),
        (["add", "text.gguf"], 1, "not a GGUF"),
        (["add", "text.gguf", "--name", "A b"], 2, "can't be a model's name"),
        (["remove", "smollm2-135m-instruct"], 1, "belongs to an installed package"),
        (["use", "text.gguf"], 1, "not a GGUF"),
        (["verify", "nothing"], 2, "no model 'nothing'"),
        (["use"], 2, "Missing argument"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_a_hint(
    call: Any, words: list[str], code: int, says: str
) -> None:
    Path("text.gguf").write_text("This is a text.")
    got, out, err = call("models", *words)
    assert (got, out) == (code, "")
    assert says in err
    assert err.startswith("cowrite: ")
    assert len(err.splitlines()) == 2


def test_a_broken_card_is_told_and_hides_no_other(call: Any, home: Paths, tiny: Path) -> None:
    (home.models / "broken.toml").write_text("name = 3")
    code, out, err = call("models", "list")
    assert code == 0
    assert "tiny" in out
    assert "broken.toml" in err


def test_g1_what_makes_no_text_is_refused_and_its_header_can_be_read(
    call: Any, home: Paths, tmp_path: Path
) -> None:
    clip = write_gguf(
        tmp_path / "mmproj.gguf", gguf(PLAIN | {"general.architecture": ("text", "clip")})
    )
    for words in (("add",), ("use",)):
        code, out, err = call("models", *words, str(clip))
        assert (code, out) == (1, "")
        assert err.splitlines()[0].endswith(
            "makes no text: it is the part of another model that sees or hears."
        )
        assert len(err.splitlines()) == 2
    code, out, err = call("models", "info", str(clip))
    assert code == 0
    assert "clip" in out
    assert "makes no text" in err
    split = {"split.no": ("u16", 1), "split.count": ("u16", 2)}
    second = write_gguf(tmp_path / "big-00002-of-00002.gguf", gguf(split))
    code, _, err = call("models", "add", str(second))
    assert code == 1
    assert err.splitlines()[1] == "Give the first part: big-00001-of-00002.gguf"
    assert "big" not in call("models", "list")[1]


def test_advise_says_what_each_would_mean(call: Any, tiny: Path) -> None:
    code, out, err = call("models", "advise", "--no-measure")
    assert code == 0
    rows = {line.split()[0]: line for line in out.splitlines()[1:]}
    assert "in use" in rows[GEMMA]
    assert "ghost, languages" in rows["qwen3-1.7b-base"]
    assert "cowrite models pull NAME" in err
    assert "no model was measured" in err
    code, out, _ = call("models", "advise", "--no-measure", "--json", "--for", "instructions")
    found = {row["name"]: row for row in json.loads(out)}
    assert found["tiny"]["state"] == "ready"
    assert found["qwen3-0.6b-base"]["sha256"] is None
    assert not found["qwen3-0.6b-base"]["size_exact"]
    assert found["lfm2-350m"]["get"] == "cowrite models pull lfm2-350m"
    assert "instructions" in json.loads(out)[0]["good_for"]
    code, out, err = call("models", "advise", "LFM2-350m", "--no-measure")
    assert (code, out.splitlines()[0]) == (0, "lfm2-350m: LFM2 350M, Q4_K_M")
    assert "Licence: LFM Open License 1.0" in out
    assert "Not downloaded: cowrite models pull lfm2-350m" in err


def test_advise_refuses_what_it_does_not_know(call: Any) -> None:
    code, _, err = call("models", "advise", "lfm2-35m", "--no-measure")
    assert code == 2
    assert "lfm2-350m" in err
    code, _, err = call("models", "advise", "--for", "ghosts")
    assert code == 2
    assert "ghost, instructions, languages" in err


def test_advise_measures_once_and_foretells_the_others(
    call: Any, home: Paths, standin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cowrite.engine.bench import probe

    monkeypatch.setattr(probe, "WORD_SECONDS", 0.0)
    standin(texts=[[" and the river went on below the bridge."]], chunk_delay=0.002)
    code, out, err = call("models", "advise", "--json")
    assert code == 0
    assert f"Measuring {GEMMA}" in err
    found = {row["name"]: row for row in json.loads(out)}
    assert found[GEMMA]["speed"] == "measured"
    assert found[GEMMA]["words_per_second"] > 0
    assert found["gemma-3-1b"]["speed"] == "foretold"
    code, again, err = call("models", "advise", "--json")
    assert "Measuring" not in err
    assert json.loads(again) == [
        {**row, "memory_free": now["memory_free"]}
        for row, now in zip(json.loads(out), json.loads(again), strict=True)
    ]
    _, _, err = call("models", "advise", GEMMA, "--measure")
    assert err.count("Measuring") == 1


def test_a_model_that_cannot_be_measured_is_told_of(call: Any, standin: Any) -> None:
    standin(fail_load="It broke.")
    code, _, err = call("models", "advise", GEMMA)
    assert code == 0
    assert "It broke." in err


def test_a_stopped_download_says_that_it_can_be_gone_on_with(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cowrite.hub import pulling

    def stopped(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pulling, "pull", stopped)
    code, out, err = call("models", "pull", "lfm2-350m")
    assert (code, out) == (130, "")
    assert err == "Stopped. What has come is kept: the same command goes on.\n"


def test_a_download_is_told_in_lines_where_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from cowrite.cli import output

    now = iter([100.0, 100.5, 102.0, 103.5, 120.0])
    monkeypatch.setattr(output, "time", SimpleNamespace(monotonic=lambda: next(now)))
    with output.progress_lines("Downloading") as advance:
        for done in (0, 10, 50, 51, 52):
            advance(done * 1_000_000, 100_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "Downloading: 0 of 100 MB (0%)",
        "Downloading: 50 of 100 MB (50%)",
        "Downloading: 52 of 100 MB (52%)",
    ]
