"""`cowrite rewrite`, `translate`, `ask` and `summarise`: what they print, and what they say is wrong."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cowrite.cli.rewrite_job import range_of
from cowrite.errors import UsageError
from cowrite.memory.choosing import Budgets, steady
from cowrite.memory.project import Project, read_project
from cowrite.memory.story import read_story
from cowrite.memory.summaries import summary_files

Call = Callable[..., tuple[int, str, str]]
Standin = Callable[..., Path]

DRAFT = "# The shop\n\nMarta closes the shop at six.\n\nThen she walks home with Jonas.\n"
PAST = [["Marta closed the shop at six."], ["Then she walked home with Jonas."]]


@pytest.fixture
def standin(standin: Callable[..., None], tmp_path: Path) -> Standin:
    """Let the stand-in answer in rounds; returns where it records what it is asked."""
    record = tmp_path / "asked"

    def use(*texts: list[str], **script: Any) -> Path:
        standin(texts=list(texts) or PAST, record=str(record), **script)
        return record

    return use


@pytest.fixture
def draft(home: object) -> Path:
    path = Path("draft.md")
    path.write_text(DRAFT)
    return path


def tasks(record: Path) -> list[dict[str, Any]]:
    """What the stand-in was told to do."""
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    return [line["task"] for line in lines if line["type"] == "instruct"]


def test_a_text_is_rewritten_by_paragraphs_and_the_rest_stays(
    call: Call, standin: Standin, draft: Path
) -> None:
    record = standin(*PAST)
    assert call("rewrite", str(draft), "-i", "past") == (
        0,
        "# The shop\n\nMarta closed the shop at six.\n\nThen she walked home with Jonas.\n",
        "",
    )
    first, second = tasks(record)
    assert first["passage"] == "Marta closes the shop at six."
    assert (first["preset"], first["label"]) == ("past", "Past tense")
    assert second["before"].endswith("shop at six.\n\n")
    assert draft.read_text() == DRAFT


def test_a_range_is_rewritten_alone(call: Call, standin: Standin, draft: Path) -> None:
    record = standin(PAST[1])
    assert call("rewrite", str(draft), "-i", "past", "--range", "L5:L5")[:2] == (
        0,
        PAST[1][0] + "\n",
    )
    assert [task["passage"] for task in tasks(record)] == ["Then she walks home with Jonas."]


def test_own_words_and_own_presets(call: Call, standin: Standin, draft: Path) -> None:
    record = standin(*PAST, *PAST)
    assert call("config", "set", "presets.noir", "Tell it as a detective would.")[0] == 0
    assert call("rewrite", str(draft), "-i", "noir")[0] == 0
    assert call("rewrite", str(draft), "-i", "make her limp a little")[0] == 0
    said = [(task["instruction"], task["preset"]) for task in tasks(record)]
    assert said[0] == ("Tell it as a detective would.", "noir")
    assert said[-1] == ("make her limp a little", "")


def test_a_paragraph_that_is_no_good_stays_and_is_told(
    call: Call, standin: Standin, draft: Path
) -> None:
    standin(["Somebody closed it when it was ten."], PAST[1])
    code, out, err = call("rewrite", str(draft), "-i", "past")
    assert code == 1
    assert out == DRAFT.replace("walks", "walked")
    assert "line 3 is left as it was: it loses names or numbers (six)" in err
    assert "1 of 2 paragraphs" in err


def test_one_paragraph_that_is_no_good_prints_nothing(
    call: Call, standin: Standin, draft: Path
) -> None:
    standin(["Marta closes the shop at six."])
    words = ("rewrite", str(draft), "-i", "past", "--range", "L3:L3")
    assert call(*words)[:2] == (1, "")
    assert "it changes nothing" in call(*words)[2]
    code, out, err = call(*words, "--anyway")
    assert (code, out) == (1, "Marta closes the shop at six.\n")
    assert "it changes nothing" in err


def test_versions_are_divided_by_a_line(call: Call, standin: Standin, draft: Path) -> None:
    standin(["One closed the shop at six.", "Two closed the shop at six."], fixed=True)
    code, out, _ = call("rewrite", str(draft), "-i", "past", "--range", "L3:L3", "-n", "2")
    assert (code, out) == (0, "One closed the shop at six.\n---\nTwo closed the shop at six.\n")


def test_of_several_versions_the_good_ones_are_printed(
    call: Call, standin: Standin, draft: Path
) -> None:
    standin(["Marta closes the shop at six.", "Two closed the shop at six."], fixed=True)
    code, out, _ = call("rewrite", str(draft), "-i", "past", "--range", "L3:L3", "-n", "2")
    assert (code, out) == (0, "Two closed the shop at six.\n")


def test_a_diff_can_be_applied(call: Call, standin: Standin, draft: Path) -> None:
    import subprocess

    standin(*PAST)
    code, out, _ = call("rewrite", str(draft), "-i", "past", "--diff")
    assert code == 0
    done = subprocess.run(
        ["patch", str(draft)], input=out.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert draft.read_text() == DRAFT.replace("closes", "closed").replace("walks", "walked")


def test_json_says_all(call: Call, standin: Standin, draft: Path) -> None:
    standin(["Somebody closed it when it was ten."], PAST[1])
    code, out, _ = call("rewrite", str(draft), "-i", "past", "--json")
    assert code == 1
    said = json.loads(out)
    assert said["preset"] == "past"
    assert said["model"] == {"name": "toy", "sha256": "00ff"}
    first, second = said["pieces"]
    assert DRAFT[slice(*first["range"])] == first["before"] == "Marta closes the shop at six."
    assert first["candidates"][0]["flaws"] == ["lost"]
    assert first["candidates"][0]["lost"] == ["six"]
    assert second["candidates"][0]["flaws"] == []
    assert said["versions"] == [DRAFT.replace("walks", "walked")]


def test_line_ends_stay_what_they_are(call: Call, standin: Standin, home: object) -> None:
    path = Path("dos.txt")
    path.write_bytes(b"He said no.\r\n\r\nHe goes.\r\n")
    record = standin(['"No," he said.\n"No."'], ["He went."])
    _, out, _ = call("rewrite", str(path), "-i", "dialogue", "--anyway")
    assert '"No," he said.\r\n"No."\r\n\r\nHe went.\r\n' in out
    assert all("\r" not in task["before"] + task["passage"] for task in tasks(record))


def test_a_translation_names_its_language(call: Call, standin: Standin, draft: Path) -> None:
    record = standin(
        ["Marta schließt den Laden um sechs."], ["Dann geht sie mit Jonas nach Hause."]
    )
    assert call("translate", str(draft), "--to", "german")[0] == 0
    assert {task["language"] for task in tasks(record)} == {"de"}
    standin(["Marta closes the shop at 6, and that is what she does there."])
    code, _, err = call("translate", str(draft), "--to", "de", "--range", "L3:L3")
    assert code == 1
    assert "another language" in err


def test_a_question_is_asked_of_several_drafts(call: Call, standin: Standin, draft: Path) -> None:
    Path("other.md").write_text("Ruth owns the blue boat.\n")
    record = standin(["Ruth does."])
    code, out, _ = call("ask", str(draft), "other.md", "Who owns the boat?", "--json")
    assert code == 0
    said = json.loads(out)
    assert said["answer"]["text"] == "Ruth does."
    assert [(place["file"], place["line"]) for place in said["places"]] == [
        ("draft.md", 3),
        ("draft.md", 5),
        ("other.md", 1),
    ]
    (task,) = tasks(record)
    assert "blue boat" in task["passage"]
    assert call("ask", str(draft), "Who?")[1] == "Ruth does.\n"


def test_long_drafts_are_summarised_in_parts(call: Call, standin: Standin, home: object) -> None:
    path = Path("long.md")
    path.write_text(
        "\n\n".join(f"Day {day}. " + "It rained and it was cold. " * 40 for day in range(5))
    )
    record = standin(["It rained in the hills that day."])
    code, out, _ = call("summarise", str(path), "--words", "8")
    assert (code, out) == (0, "It rained in the hills that day.\n")
    assert len(tasks(record)) > 2
    assert "at most 8 words" in tasks(record)[0]["instruction"]


def test_a_drafts_project_goes_with_what_is_asked(
    call: Call, standin: Standin, draft: Path
) -> None:
    Path("cowrite.toml").write_text(
        '[project]\nnotes = "notes.md"\nlore = ["lore.md", "gone.md"]\n'
    )
    Path("notes.md").write_text("Nobody dies.\n")
    Path("lore.md").write_text(
        "## Marta\nA clockmaker.\n\n## Jonas\nHer son.\n\n## Tom\nA sailor.\n"
    )
    marta, jonas, tom = "[Marta: A clockmaker.]", "[Jonas: Her son.]", "[Tom: A sailor.]"
    record = standin(*PAST)
    code, _, err = call("rewrite", str(draft), "-i", "let tom do it")
    assert "gone.md" in err
    assert [task["notes"] for task in tasks(record)] == [
        ["Nobody dies.", marta, tom],
        ["Nobody dies.", marta, jonas, tom],
    ]
    record.unlink()
    standin(["He is her son."])
    assert call("ask", str(draft), "Who is Jonas to Tom?")[0] == 0
    assert set(tasks(record)[-1]["notes"]) == {"Nobody dies.", marta, jonas, tom}
    record.unlink()
    standin(["Marta closes the shop."])
    assert call("summarise", str(draft), "--words", "9")[0] == 0
    assert tasks(record)[-1]["notes"] == ["Nobody dies.", marta, jonas]
    Path("cowrite.toml").write_text("[project]\nnotes = 3\n")
    code, out, err = call("rewrite", str(draft), "-i", "past")
    assert (code, out) == (2, "")
    assert "notes must be a list of files" in err


def test_what_makes_no_sense_is_refused(
    call: Call, standin: Standin, draft: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standin(*PAST)
    Path("code.md").write_text("# Only a heading\n\n```\nx\n```\n")
    Path("nul.md").write_bytes(b"a\0b")
    for words, said in (
        (("rewrite", "draft.md", "-i", ""), "says nothing"),
        (("rewrite", "draft.md", "-i", "x" * 10_000), "2,000 are the most"),
        (("rewrite", "draft.md", "-i", "summarise"), "does not rewrite"),
        (("rewrite", "draft.md", "-i", "past", "--range", "9"), "--range"),
        (("rewrite", "draft.md", "-i", "past", "--range", "9:2"), "not a part"),
        (("rewrite", "draft.md", "-i", "past", "--range", "L99:"), "no line 99"),
        (("rewrite", "draft.md", "-i", "past", "-n", "0"), "-n must be"),
        (("rewrite", "draft.md", "-i", "past", "--diff", "--json"), "one of them"),
        (("rewrite", "code.md", "-i", "past"), "no prose"),
        (("rewrite", "none.md", "-i", "past"), "no file none.md"),
        (("rewrite", "nul.md", "-i", "past"), "can't be rewritten"),
        (("translate", "draft.md", "--to", "x" * 99), "no language"),
        (("ask", "Who?"), "nothing to ask about"),
        (("ask", "draft.md", " "), "says nothing"),
        (("ask", "code.md", "Who?"), "no prose"),
        (("summarise", "draft.md", "--words", "0"), "--words must be"),
        (("summarise", "code.md"), "no prose"),
    ):
        code, out, err = call(*words)
        assert code in (1, 2), words
        assert out == "", words
        assert said in err, (words, err)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Marta closes.")))
    assert call("rewrite", "-", "-i", "past")[0] == 0


def test_a_model_that_fails_is_told(call: Call, standin: Standin, draft: Path) -> None:
    standin(fail_on=[1])
    code, out, err = call("ask", str(draft), "Who?")
    assert (code, out) == (1, "")
    assert "told to fail" in err


@pytest.mark.parametrize(
    ("span", "part"),
    [
        (None, "ab\r\ncd\nef"), ("1:3", "b\r"), (":2", "ab"), ("8:", "ef"[1:]), ("L2:L2", "cd\n"),
        ("L1:L2", "ab\r\ncd\n"), ("L3:", "ef"), ("0:9", "ab\r\ncd\nef"),
    ],
)  # fmt: skip
def test_ranges(span: str | None, part: str) -> None:
    text = "ab\r\ncd\nef"
    assert text[slice(*range_of(text, span))] == part


@pytest.mark.parametrize(
    "span", ["", ":", "a:b", "3:3", "4:99", "L0:", "L4:", "-1:3", "1:2:3", "L1:L" + "9" * 30]
)
def test_ranges_that_make_no_sense(span: str) -> None:
    if span == ":":
        assert range_of("abc", span) == (0, 3)
        return
    with pytest.raises(UsageError):
        range_of("ab\r\ncd\nef", span)


@pytest.fixture
def project(home: object) -> Path:
    """A project of two chapters in this folder."""
    Path("cowrite.toml").write_text(
        '[project]\nchapters = ["one.md", "two.md"]\nsummaries = "kept"\n'
    )
    Path("one.md").write_text("Marta closes the shop at six. Then she walks home with Jonas.\n")
    Path("two.md").write_text("Jonas sleeps late. Marta opens the shop without him.\n")
    return Path.cwd()


def told_of(project: Path) -> dict[str, str]:
    """What a draft behind these chapters is told of them, and why."""
    third = project / "three.md"
    third.write_text("Then")
    found = replace(read(project), chapters=("one.md", "two.md", "three.md"))
    return {item.source: item.why for item in steady(read_story(found), third, ROOM) if item.text}


def read(project: Path) -> Project:
    found = read_project(project / "cowrite.toml")
    assert found is not None
    return found


ROOM = Budgets(summaries=1000)
SUMS = [["Marta goes home with Jonas."], ["Marta works alone."]]


def test_kept_summaries_are_told_and_those_that_hold_are_not_made_again(
    call: Call, standin: Standin, project: Path
) -> None:
    standin(*SUMS)
    code, out, _ = call("summarise", "--keep")
    assert code == 0
    assert [Path(line).name for line in out.splitlines()] == ["one.md", "two.md"]
    assert told_of(project)["kept/one.md"] == "chapter 1, before this one"
    story = read_story(read(project))
    assert [chapter.summary for chapter in story.chapters] == [SUMS[0][0], SUMS[1][0]]
    before = [path.read_bytes() for path in sorted(Path("kept").iterdir())]
    assert call("summarise", "--keep") == (0, "", "All chapters have summaries that hold.\n")
    assert [path.read_bytes() for path in sorted(Path("kept").iterdir())] == before


def test_a_chapter_that_has_changed_is_told_and_summed_up_again_but_not_over_the_writers_words(
    call: Call, standin: Standin, project: Path
) -> None:
    standin(*SUMS)
    call("summarise", "--keep")
    for name in ("one.md", "two.md"):
        Path(name).write_text(Path(name).read_text() + "It rained.\n")
    kept = Path("kept/two.md")
    kept.write_text(kept.read_text().replace("works alone", "is cross"))
    assert "changed since it was summed up" in told_of(project)["kept/one.md"]
    standin(["Marta goes home with Jonas in the rain."])
    code, out, err = call("summarise", "--keep")
    assert (code, [Path(line).name for line in out.splitlines()]) == (0, ["one.md"])
    assert "two.md is yours, and two.md has changed since" in err
    assert "is cross" in kept.read_text()
    assert told_of(project)["kept/one.md"] == "chapter 1, before this one"


def test_a_summary_that_is_no_good_is_not_kept(call: Call, standin: Standin, project: Path) -> None:
    standin([""], SUMS[1])
    code, out, err = call("summarise", "--keep")
    assert (code, [Path(line).name for line in out.splitlines()]) == (1, ["two.md"])
    assert "one.md has no new summary: it says nothing." in err
    assert "could not sum up 1 of 2 chapters" in err
    assert not Path("kept/one.md").exists()


def test_summaries_are_kept_in_a_project_alone_and_for_its_chapters(
    call: Call, home: object
) -> None:
    assert call("summarise", "--keep")[0] == 2
    assert call("summarise")[0] == 2
    Path("x.md").write_text("It rained.")
    Path("cowrite.toml").write_text('[project]\nchapters = ["one.md"]\nsummaries = "kept"\n')
    code, _, err = call("summarise", "--keep", "x.md")
    assert code == 2
    assert "is no chapter of" in err


def test_chapters_that_are_called_alike_have_summaries_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "cowrite.toml").write_text('[project]\nsummaries = "kept"\n')
    found = read(tmp_path)
    paths = [tmp_path / "a" / "01.md", tmp_path / "b" / "01.md", tmp_path / "b" / "02.md"]
    places = summary_files(found, paths)
    assert [places[path].name for path in paths] == ["a-01.md", "b-01.md", "02.md"]
