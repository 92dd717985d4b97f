"""`cowrite complete`: what it prints, and what it says of requests that make no sense."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_host import DEFAULT
from real_models import model_file

Call = Callable[..., tuple[int, str, str]]
TEXTS = DEFAULT[0]


def test_the_text_alone_is_printed(call: Call, standin: Callable[..., None]):
    assert call("complete", "--text", "He went") == (0, TEXTS[0] + "\n", "")


def test_several_are_divided_by_a_line(call: Call, standin: Callable[..., None]):
    code, out, _ = call("complete", "--text", "He went", "-n", "3")
    assert code == 0
    assert out.split("\n---\n") == [TEXTS[0], TEXTS[1], TEXTS[2] + "\n"]


def test_before_a_text_the_one_that_goes_best_with_it_comes_first(
    call: Call, standin: Callable[..., None]
):
    standin(order=[2, 0, 1])
    wanted = [TEXTS[2], TEXTS[0], TEXTS[1]]
    told = call("complete", "-t", "He went", "--after", " home.", "-n", "3")[1]
    assert told.rstrip("\n").split("\n---\n") == wanted
    rows = json.loads(call("complete", "-t", "He", "--after", " home.", "-n", "3", "--json")[1])
    assert [row["text"] for row in rows["candidates"]] == wanted


def test_candidates_that_came_to_nothing_are_left_out(call: Call, standin: Callable[..., None]):
    standin(texts=[[" one.", "", " three."]])
    assert call("complete", "-t", "He", "-n", "3")[1] == " one.\n---\n three.\n"
    rows = json.loads(call("complete", "-t", "He", "-n", "3", "--json")[1])["candidates"]
    assert [row["text"] for row in rows] == [" one.", " three."]


def test_json_has_the_figures(call: Call, standin: Callable[..., None]):
    code, out, _ = call("complete", "--text", "He went", "-n", "2", "--json", "--logprobs", "1")
    told = json.loads(out)
    assert code == 0
    assert told["model"] == {"name": "toy", "sha256": "00ff"}
    assert told["prompt_tokens"] == 2
    assert set(told["timings_ms"]) == {"load", "prefill", "first_token", "total"}
    first = told["candidates"][0]
    assert first["text"] == TEXTS[0]
    assert first["tokens"] == len(first["logprobs"]) == 8
    assert first["mean_logprob"] == -1.0
    assert first["stop"] == "sentence"


def test_a_files_last_newline_does_not_count(
    call: Call, standin: Callable[..., None], tmp_path: Path
):
    standin(record=str(tmp_path / "record"))
    draft = tmp_path / "draft.md"
    draft.write_text("One.\n\nHe went\n")
    assert call("complete", str(draft))[0] == 0
    request = json.loads((tmp_path / "record").read_text().splitlines()[-2])
    assert request["context"]["before"] == "One.\n\nHe went"


def test_standard_input_and_flags_reach_the_engine(
    call: Call, standin: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    standin(record=str(tmp_path / "record"))
    monkeypatch.setattr(
        sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"He went\n"), isatty=lambda: False)
    )
    words = ["--seed", "5", "--max-tokens", "9", "--stop", "paragraph", "--temperature", "0.3"]
    words += ["--preset", "wild", "--after", "X."]
    assert call("complete", "-", *words)[0] == 0
    lines = [json.loads(line) for line in (tmp_path / "record").read_text().splitlines()]
    request = next(line for line in lines if line["type"] == "suggest")
    assert request["context"]["before"] == "He went"
    assert request["context"]["after"] == "X."
    params = request["params"]
    assert (params["n"], params["seed"], params["max_tokens"]) == (1, 5, 9)
    assert params["stop"] == "paragraph"
    assert params["sampling"]["temperature"] == 0.3
    assert params["sampling"]["top_k"] == 100


def test_control_codes_of_a_model_do_not_reach_the_terminal(
    call: Call, standin: Callable[..., None]
):
    standin(texts=[[" red \x1b[31m alert."]])
    for words in (["complete", "-t", "x"], ["complete", "-t", "x", "--json"]):
        assert "\x1b" not in call(*words)[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-n", "0"], 2, "-n must be"),
        (["-n", "x"], 2, "-n"),
        (["--max-tokens", "-1"], 2, "--max-tokens must be"),
        (["--temperature", "-2"], 2, "--temperature must be"),
        (["--stop", "sentense"], 2, "Did you mean 'sentence'?"),
        (["--preset", "bold"], 2, "preset 'bold'"),
        (["--logprobs", "-3"], 2, "--logprobs must be"),
        (["--modell", "x"], 2, "Did you mean '--model'?"),
        (["draft.md"], 2, "one of them is enough"),
    ],
)
def test_requests_that_make_no_sense(call: Call, words: list[str], code: int, said: str):
    got, out, err = call("complete", "--text", "He went", *words)
    assert (got, out) == (code, "")
    assert said in err
    assert "Traceback" not in err


def test_sources_that_cant_be_read(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "bytes").write_bytes(b"\x00\x01\xff\xfe\x00" * 100)
    for source, code in (("missing.md", 1), (str(tmp_path), 1), (str(tmp_path / "bytes"), 1)):
        got, out, err = call("complete", source)
        assert (got, out) == (code, ""), source
        assert err.startswith("cowrite: ")
    monkeypatch.setattr(
        sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"\xff\xfe\x00"), isatty=lambda: False)
    )
    assert call("complete")[0] == 1
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=None, isatty=lambda: True))
    code, _, err = call("complete")
    assert code == 2
    assert "no text to go on with" in err


def test_a_model_that_fails_is_one_sentence(call: Call, standin: Callable[..., None]):
    standin(fail_load="The file is torn.")
    assert call("complete", "-t", "x") == (1, "", "cowrite: The file is torn.\nChoose another.\n")
    standin(crash_on=[1])
    code, out, err = call("complete", "-t", "x", "--json")
    assert (code, out) == (1, "")
    assert "SIGKILL" in err
    standin(texts=[[""]])
    assert call("complete", "-t", "x")[0] == 1


@pytest.mark.model
def test_the_real_thing_gives_the_same_for_the_same_seed(call: Call):
    path = str(model_file("cut smollm2").path)
    words = [
        "complete",
        "--text",
        "The river was quiet, and",
        "-n",
        "3",
        "--seed",
        "7",
        "--max-tokens",
        "12",
    ]
    first = json.loads(call(*words, "--model", path, "--json")[1])["candidates"]
    again = json.loads(call(*words, "--model", path, "--json")[1])["candidates"]
    assert first == again
    assert len({row["text"] for row in first}) == 3


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_nothing_is_not_gone_on_with(call: Call, tmp_path: Path, text: str):
    (tmp_path / "blank.md").write_text(text)
    for words in (["--text", text], [str(tmp_path / "blank.md")]):
        code, out, err = call("complete", *words)
        assert (code, out) == (2, "")
        assert err.startswith("cowrite: There is no text to go on with.\n")
