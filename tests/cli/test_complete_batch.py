"""`cowrite complete --batch`: rows in, rows out, in their order, and on from where it was cut off."""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_host import DEFAULT
from real_models import model_file

Call = Callable[..., tuple[int, str, str]]
TEXTS = DEFAULT[0]


def rows(path: Path, *found: object) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in found))
    return str(path)


def told(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def asked(record: Path) -> list[dict[str, Any]]:
    lines = (json.loads(line) for line in record.read_text().splitlines())
    return [line for line in lines if line["type"] == "suggest"]


def test_every_row_is_answered_in_its_order(
    call: Call, standin: Callable[..., None], tmp_path: Path
):
    source = rows(tmp_path / "in", *({"id": n, "prompt": f"He went {n}"} for n in range(20)))
    out = tmp_path / "out"
    assert call("complete", "--batch", source, "-o", str(out)) == (0, "", "")
    assert [row["id"] for row in told(out)] == list(range(20))
    assert told(out)[0]["candidates"][0]["text"] == TEXTS[0]


def test_a_rows_own_options_go_before_the_calls(
    call: Call, standin: Callable[..., None], tmp_path: Path
):
    standin(record=str(tmp_path / "record"))
    own = {"n": 2, "seed": 5, "max_tokens": 9, "stop": "none", "temperature": 0.3, "after": "X."}
    source = rows(tmp_path / "in", {"id": "a", "prompt": "He", **own}, {"id": "b", "prompt": "She"})
    code, out, _ = call("complete", "--batch", source, "--seed", "7", "-n", "3", "--logprobs", "1")
    assert code == 0
    first, second = asked(tmp_path / "record")
    assert (first["context"]["before"], first["context"]["after"]) == ("He", "X.")
    assert first["beside"]
    params = first["params"]
    assert (params["n"], params["seed"], params["max_tokens"]) == (2, 5, 9)
    assert (params["stop"], params["sampling"]["temperature"]) == ("none", 0.3)
    assert (second["params"]["n"], second["params"]["seed"]) == (3, 7)
    answers = [json.loads(line) for line in out.splitlines()]
    assert [len(row["candidates"]) for row in answers] == [2, 3]
    assert answers[0]["candidates"][0]["logprobs"][0]["text"] == " and"


def test_wrong_rows_are_told_by_their_lines_and_the_others_are_answered(
    call: Call, standin: Callable[..., None], tmp_path: Path
):
    lines = [
        b'{"id": 1, "prompt": "He"}',
        b"not json",
        b'{"id": 2, "promt": "He"}',
        b'{"id": 3}',
        b'{"id": 1, "prompt": "again"}',
        b'{"id": 4, "prompt": " "}',
        b'{"id": 5, "prompt": "He", "n": 0}',
        b'{"id": 6, "prompt": "He", "stop": "sentense"}',
        b'{"id": 7, "prompt": "\xff"}',
        b"",
        b'{"id": 8.5, "prompt": "He"}',
        b"[" * 100_000,
        b'{"id": "\xc3\xa9", "prompt": "Caf\xc3\xa9 \xf0\x9f\x90\x88"}',
    ]
    (tmp_path / "in").write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    out = tmp_path / "out"
    code, _, err = call("complete", "--batch", str(tmp_path / "in"), "-o", str(out))
    assert code == 1
    assert [row["id"] for row in told(out)] == [1, "é"]
    for number in (2, 3, 4, 5, 6, 7, 8, 9, 11, 12):
        assert f"line {number}: " in err
    assert "Did you mean 'prompt'?" in err
    assert "10 rows could not be answered" in err


def test_a_second_call_asks_only_for_what_is_missing(
    call: Call, standin: Callable[..., None], tmp_path: Path
):
    source = rows(tmp_path / "in", *({"id": n, "prompt": f"He went {n}"} for n in range(5)))
    out = tmp_path / "out"
    words = ("complete", "--batch", source, "-o", str(out))
    assert call(*words)[0] == 0
    whole = out.read_bytes()
    lines = whole.splitlines(keepends=True)
    for torn in (b"", lines[3][:9], lines[3][:-1], b'{"id'):
        standin(record=str(tmp_path / "record"))
        (tmp_path / "record").write_text("")
        out.write_bytes(b"".join(lines[:3]) + torn)
        code, _, err = call(*words)
        assert (code, out.read_bytes()) == (0, whole), torn
        kept = 4 if torn == lines[3][:-1] else 3
        assert f"{kept} rows had been answered before" in err
        assert len(asked(tmp_path / "record")) == 5 - kept


def test_a_file_of_something_else_is_left_alone(
    call: Call, standin: Callable[..., None], tmp_path: Path
):
    source = rows(tmp_path / "in", {"id": 1, "prompt": "He"})
    for content in (
        b"My novel.\n\nIt begins.\n",
        b'{"id": 1, "prompt": "x"}\n{"a": 1}\n',
        b"My novel",
    ):
        out = tmp_path / "novel.md"
        out.write_bytes(content)
        code, _, err = call("complete", "--batch", source, "-o", str(out))
        assert code == 2, content
        assert "no file of answers" in err
        assert out.read_bytes() == content


def test_a_first_row_that_was_torn_at_once_is_mended(
    call: Call, standin: Callable[..., None], tmp_path: Path
):
    source = rows(tmp_path / "in", {"id": 1, "prompt": "He"})
    out = tmp_path / "out"
    for torn in ('{"', '{"id":', '{"id":1,"cand'):
        out.write_text(torn)
        assert call("complete", "--batch", source, "-o", str(out))[0] == 0, torn
        assert [row["id"] for row in told(out)] == [1], torn


def test_calls_at_once_are_kept_apart_and_a_killed_one_is_gone_on_with(
    call: Call, standin: Callable[..., None], tmp_path: Path
):
    source = rows(tmp_path / "in", *({"id": n, "prompt": f"He went {n}"} for n in range(9)))
    out = tmp_path / "out"
    words = ("complete", "--batch", source, "--at-once", "1", "-o")
    runner = Path(__file__).parent.parent / "support" / "run_command.py"
    script = json.dumps({"hang_on": [5]})
    with subprocess.Popen([sys.executable, str(runner), script, *words, str(out)]) as first:
        try:
            while not out.exists() or out.read_bytes().count(b"\n") < 4:
                assert first.poll() is None
                time.sleep(0.02)
            before = out.read_bytes()
            (tmp_path / "other").symlink_to(out)
            for name in (out, Path(os.path.relpath(out)), tmp_path / "other"):
                code, _, err = call(*words, str(name))
                assert code == 1
                assert f"Another cowrite is writing its answers into {name}." in err
            assert out.read_bytes() == before
        finally:
            first.kill()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "home", "in", "other", "out", "work"
    ]  # fmt: skip
    whole = before.splitlines(keepends=True)
    out.write_bytes(before[: -len(whole[-1]) // 2])  # as if it had been killed while it wrote
    code, _, err = call(*words, str(out))
    assert (code, [row["id"] for row in told(out)]) == (0, list(range(9)))
    assert out.read_bytes().startswith(b"".join(whole[:3]))
    assert "3 rows had been answered before" in err


def test_without_locks_on_the_disk_it_goes_without(
    call: Call, standin: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    source = rows(tmp_path / "in", {"id": 1, "prompt": "He"})
    assert call("complete", "--batch", source, "-o", str(tmp_path / "out"))[0] == 0
    assert [row["id"] for row in told(tmp_path / "out")] == [1]


def test_what_fails_with_the_models_process_is_asked_once_more(
    call: Call, standin: Callable[..., None], tmp_path: Path
):
    standin(crash_once=str(tmp_path / "crashed"))
    source = rows(tmp_path / "in", *({"id": n, "prompt": f"He went {n}"} for n in range(4)))
    out = tmp_path / "out"
    assert call("complete", "--batch", source, "-o", str(out))[0] == 0
    assert (tmp_path / "crashed").exists()
    assert [row["id"] for row in told(out)] == [0, 1, 2, 3]


def test_what_fails_twice_is_told(call: Call, standin: Callable[..., None], tmp_path: Path):
    standin(fail_on=[1, 3])
    source = rows(tmp_path / "in", {"id": 1, "prompt": "He"}, {"id": 2, "prompt": "She"})
    code, out, err = call("complete", "--batch", source)
    assert code == 1
    assert [json.loads(line)["id"] for line in out.splitlines()] == [2]
    assert "line 1: The stand-in was told to fail." in err


def test_rows_from_standard_input(
    call: Call, standin: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    data = io.BytesIO(b'{"id": 1, "prompt": "He"}')
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=data, isatty=lambda: False))
    code, out, _ = call("complete", "--batch", "-")
    assert (code, json.loads(out)["id"]) == (0, 1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--batch", "none.jsonl"], 1, "none.jsonl can't be read"),
        (["--batch", "."], 1, "can't be read"),
        (["--batch", "in", "-o", "in"], 2, "into the file that asks"),
        (["--batch", "in", "-o", "."], 1, "can't be written"),
        (["--batch", "in", "-o", "no/such/out"], 1, "can't be written"),
        (["--batch", "in", "--text", "x"], 2, "one of them is enough"),
        (["--batch", "in", "--json"], 2, "rows of JSON anyway"),
        (["--batch", "in", "--at-once", "0"], 2, "--at-once must be"),
        (["--batch", "in", "-n", "0"], 2, "-n must be"),
        (["--text", "x", "-o", "out"], 2, "-o is for --batch"),
    ],
)
def test_calls_that_make_no_sense(
    call: Call, standin: Callable[..., None], words: list[str], code: int, said: str
):
    rows(Path("in"), {"id": 1, "prompt": "He"})
    found, _, err = call("complete", *words)
    assert (found, said in err) == (code, True), err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told(call: Call, standin: Callable[..., None], tmp_path: Path):
    source = rows(tmp_path / "in", {"id": 1, "prompt": "He"})
    (tmp_path / "out").symlink_to("/dev/full")
    code, _, err = call("complete", "--batch", source, "-o", str(tmp_path / "out"))
    assert code == 1
    assert "Traceback" not in err


@pytest.mark.model
def test_one_at_a_time_a_seed_gives_the_same_text_as_alone(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    model = str(model_file("cut smollm2").path)
    prompts = ["The sea was calm when", "In the morning she had wond", "He opened the door"]
    source = rows(
        tmp_path / "in", *({"id": n, "prompt": text, "n": 2} for n, text in enumerate(prompts))
    )
    options = ("--seed", "5", "--max-tokens", "24", "--model", model)
    code, out, _ = call("complete", "--batch", source, "--at-once", "1", *options)
    assert code == 0
    alone = [
        json.loads(call("complete", "-t", text, "-n", "2", "--json", *options)[1])
        for text in prompts
    ]
    found = [json.loads(line)["candidates"] for line in out.splitlines()]
    assert found == [row["candidates"] for row in alone]
    code, beside, _ = call("complete", "--batch", source, *options)
    first = [json.loads(line)["candidates"][0]["text"].split()[0] for line in beside.splitlines()]
    assert first == [row[0]["text"].split()[0] for row in found]
