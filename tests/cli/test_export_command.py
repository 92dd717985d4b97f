"""`cowrite export` end to end, on a log on disk."""

import codecs
import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from coauthor_reference import rebuild
from logged import a_session, write_log
from scripted import Scripted

from cowrite.cli.main import main
from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Edited
from cowrite.export import FORMATS
from cowrite.export.table import safe


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    write_log(
        tmp_path / "home",
        a_session(1),
        a_session(2, "/drafts/other.md"),
        a_session(3),
    )
    return tmp_path / "home"


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    code = main(["export", *arguments])
    said = capsys.readouterr()
    assert code == 0, said.err
    return said.out, said.err


@pytest.mark.usefixtures("home")
def test_an_instruction_is_told_with_its_task_in_every_kind_of_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Scripted("The old man slept long.", number=4)
    told.tell("t1", "Shorter!", "slept long", "slept").wait(5).save().end()
    write_log(tmp_path / "home", told)
    for form in ("suggestions", "sft", "kto", "messages"):
        found = [row for row in rows(run(capsys, "-f", form)[0]) if row["task"] == "rewrite"]
        assert [row["instruction"] for row in found] == ["Shorter!"]
    (row,) = rows(run(capsys, "-f", "messages")[0])
    assert row["messages"] == [
        {"role": "user", "content": "Shorter!\n\nslept long"},
        {"role": "assistant", "content": "slept"},
    ]
    table = run(capsys, "-f", "csv")[0].splitlines()
    assert table[0].endswith("standing_rest,standing_end,standing_now,overlap")
    (line,) = [line for line in table if "rewrite,Shorter!,,slept long,0" in line]
    assert line.endswith(",5,0,"), (
        "five stood at its end, and a later session of the draft has none"
    )
    events = [row for row in rows(run(capsys, "-f", "events")[0]) if row["type"] == "instructed"]
    assert events[0]["data"]["instruction"] == "Shorter!"


@pytest.mark.usefixtures("home")
def test_the_default_is_suggestions_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = run(capsys)
    found = rows(out)
    assert err == ""
    assert [row["outcome"] for row in found[:5]] == [
        *("edited", "rejected", "ignored", "regenerated", "accepted"),
    ]
    assert len(found) == 15
    first = found[0]
    assert first["inserted_text"] == " walked down to the river."
    assert first["final_text"] == " walked down to the lake."
    assert first["shown"] == [0, 1]
    assert first["model"]["name"] == "small"
    assert first["latency_ms"] == {"first": 100.0, "total": 200.0}
    assert set(first) >= {
        *("suggestion_id", "session_id", "document", "requested_at", "params", "prefix", "suffix"),
        *("candidates", "shown_ms", "chosen", "survival", "typed_instead", "app_version"),
    }


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_gives_the_same_bytes_again(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = Scripted("The old man slept long.", number=4)
    told.tell("t1", "Shorter!", "slept long", "slept").wait(5).save().end()
    write_log(tmp_path / "home", told)
    contents = []
    for place in ("one", "two"):
        run(capsys, "-f", name, "-o", str(tmp_path / place))
        path = tmp_path / place
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        contents.append(
            [(one.relative_to(path), one.read_bytes()) for one in files if one.is_file()]
        )
        assert all(one.stat().st_mode & 0o077 == 0 for one in [path, *files])
    assert contents[0] == contents[1]
    assert any(data for _, data in contents[0])


@pytest.mark.usefixtures("home")
def test_filters_choose_rows(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(rows(run(capsys, "--outcome", "accepted,edited")[0])) == 6
    assert len(rows(run(capsys, "--document", "other.md")[0])) == 5
    assert len(rows(run(capsys, "--document", "/drafts/other.md")[0])) == 5
    assert {row["model"]["name"] for row in rows(run(capsys, "--model", "large")[0])} == {"large"}
    assert len(rows(run(capsys, "--model", "ababab")[0])) == 15
    assert len(rows(run(capsys, "--since", "2026-01-05")[0])) == 10
    assert len(rows(run(capsys, "--until", "2026-01-05")[0])) == 5
    assert len(rows(run(capsys, "--min-shown-ms", "1500")[0])) == 3


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "suggestion"], "Did you mean 'suggestions'?"),
        (["--outcome", "acepted"], "Did you mean 'accepted'?"),
        (["--document", "stroy.md"], "Did you mean 'story.md'?"),
        (["--since", "yesterday"], "2026-01-31"),
        (["--model", "smal"], "Did you mean 'small'?"),
        (["-f", "events", "--model", "small"], "whole sessions"),
        (["-f", "parquet"], "-o"),
        (["-f", "dataset"], "-o"),
        (["--split", "0.2"], "-o"),
        (["--split", "1.5", "-o", "x"], "--split"),
        (["--min-shown-ms", "-1"], "--min-shown-ms"),
        (["-o", "no/where.jsonl"], "no folder"),
        (["--redact-words", "missing.txt"], "missing.txt"),
    ],
)
def test_what_is_off_is_told_with_exit_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_without_a_log_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    assert main(["export"]) == 2
    assert "no log yet" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_overwriting_needs_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.jsonl"
    run(capsys, "-o", str(path))
    assert main(["export", "-o", str(path)]) == 2
    assert "--force" in capsys.readouterr().err
    run(capsys, "-o", str(path), "--force", "-f", "kto")
    assert "label" in rows(path.read_text())[0]


@pytest.mark.usefixtures("home")
def test_a_split_keeps_drafts_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "--split", "0.5", "-o", str(tmp_path / "rows.jsonl"))
    train = rows((tmp_path / "rows.train.jsonl").read_text())
    test = rows((tmp_path / "rows.test.jsonl").read_text())
    drafts = [{row["document"] for row in part} for part in (train, test)]
    assert drafts[0].isdisjoint(drafts[1])
    assert all(drafts)
    assert len(train) + len(test) == 15


def test_a_draft_that_was_saved_as_another_one_stays_with_it(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copied = Scripted("The old man", number=7).save("/drafts/story-2.md").end()
    write_log(home, copied, a_session(8, "/drafts/story-2.md"))
    for seed in range(8):
        out = tmp_path / f"{seed}.jsonl"
        run(capsys, "--split", "0.5", "--seed", str(seed), "-o", str(out))
        train = {row["document"] for row in rows(out.with_suffix(".train.jsonl").read_text())}
        assert ("/drafts/story.md" in train) is ("/drafts/story-2.md" in train)
        assert ("/drafts/other.md" in train) is not ("/drafts/story.md" in train)


@pytest.mark.usefixtures("home")
def test_redaction_reaches_every_row_and_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "words.txt").write_text("# mine\nriver\n")
    for name in sorted(FORMATS):
        path = tmp_path / f"out-{name}"
        _, err = run(capsys, "-f", name, "--redact-words", "words.txt", "-o", str(path))
        files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
        for one in files:
            data = one.read_bytes()
            for private in (b"jo@example.org", b"1234567", b"river", b"/drafts"):
                assert private not in data, (name, one, private)
        if name not in ("events", "coauthor"):
            assert "EMAIL: jo…g" in err
            assert "WORD: …" in err
        assert "example.org" not in err


@pytest.mark.usefixtures("home")
def test_csv_is_safe_for_spreadsheets(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, "-f", "csv")
    table = list(csv.DictReader(io.StringIO(out, newline="")))
    assert len(table) == 15
    assert table[0]["final_text"] == " walked down to the lake."
    assert table[0]["mean_logprob"] == "-1.5"


@pytest.mark.usefixtures("home")
def test_e5_excel_gets_the_mark_that_it_knows_utf8_by(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["export", "-f", "csv"]) == 0
    plain = capsysbinary.readouterr().out
    assert plain.startswith(b"suggestion_id,")
    assert main(["export", "-f", "csv", "--excel"]) == 0
    assert capsysbinary.readouterr().out == codecs.BOM_UTF8 + plain
    target = tmp_path / "rows.csv"
    assert main(["export", "-f", "CSV", "--excel", "-o", str(target)]) == 0
    assert target.read_bytes() == codecs.BOM_UTF8 + plain
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"), newline="")))
    assert len(rows) == 15


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("form", ["suggestions", "parquet", "dataset", "events"])
def test_e5_formats_that_excel_does_not_read_refuse_its_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    assert main(["export", "-f", form, "--excel", "-o", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.endswith(
        f"--excel is no option of {form}.\nIt works with csv.\n"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("sign", [*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20"])
def test_e5_no_text_is_a_formula(sign: str) -> None:
    assert safe(sign + "1+1") == "'" + sign + "1+1"
    assert safe("1" + sign) == "1" + sign
    assert safe(-1.5) == -1.5


@pytest.mark.usefixtures("home")
def test_coauthor_files_rebuild_the_drafts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "-f", "coauthor", "-o", str(tmp_path / "logs"))
    names = sorted(one.name for one in (tmp_path / "logs").iterdir())
    assert names == ["session-1.jsonl", "session-2.jsonl", "session-3.jsonl"]
    text, mask = rebuild(rows((tmp_path / "logs/session-1.jsonl").read_text()))
    assert text == a_session(1).document.text
    assert mask.count("A") > 20


@pytest.mark.usefixtures("home")
def test_controls_are_escaped_in_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = a_session(9)
    script.events.pop()
    script.type("\x1b[31m\x9b31m\u202e").end()
    write_log(tmp_path / "other", script)
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path / "other"))
    out, _ = run(capsys, "-f", "events")
    assert not {"\x1b", "\x9b", "\u202e"} & set(out)
    typed = [row["data"]["inserted"] for row in rows(out) if row["type"] == "edited"]
    assert "".join(typed).endswith("\x1b[31m\x9b31m\u202e")


def test_a_damaged_session_costs_what_is_behind_the_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    script = a_session(1)
    broken = Edited(Edit(99_999, "gone", "", Origin.TYPED))
    script.events[70] = replace(script.events[70], body=broken)
    write_log(tmp_path, script, a_session(2))
    assert main(["export"]) == 1
    said = capsys.readouterr()
    assert [row["session_id"] for row in rows(said.out)] == ["session-1"] + ["session-2"] * 5
    assert "Session session-1 is damaged" in said.err
    assert main(["stats", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["requests"] == 6
    assert main(["export", "-f", "coauthor", "-o", str(tmp_path / "logs")]) == 1
    assert not (tmp_path / "logs").exists()
