"""`cowrite new`, `cowrite context` and `cowrite weigh`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from real_models import model_file

from cowrite.memory.making import make_project

MODEL = str(model_file("cut smollm2").path)
KNOWN = "smollm2-135m-instruct"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all of them: what a first call finds out of a model is there for the next."""
    return tmp_path_factory.mktemp("home")


def run(home: Path, *words: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COWRITE_HOME": str(home)}
    call = [sys.executable, "-m", "cowrite", *words]
    return subprocess.run(call, env=env, capture_output=True, text=True, input=given, check=False)


@pytest.fixture
def chapter(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    make_project(folder)
    (folder / "notes.md").write_text("<!-- mine -->Nobody dies.\n")
    (folder / "author-note.md").write_text("Marta is about to find the letter.\n")
    (folder / "lore.md").write_text("## Marta\n\nA clockmaker.\n\n## Tom\n\nA sailor.\n")
    second = folder / "chapters" / "02.md"
    rain = "The rain came down on the river all the day. Nobody came up the lane.\n\n"
    second.write_text(rain * 20 + "Then Marta opened the drawer. In it lay\n")
    return second


def test_new_makes_a_project_and_says_how_to_begin(home: Path, tmp_path: Path) -> None:
    done = run(home, "new", str(tmp_path / "my book"))
    assert done.returncode == 0
    made = [Path(line) for line in done.stdout.splitlines()]
    assert all(path.is_file() for path in made)
    assert made[-1].name == "cowrite.toml"
    assert "cowrite '" in done.stderr
    again = run(home, "new", str(tmp_path / "my book"))
    assert again.returncode == 1
    assert "already" in again.stderr


@pytest.mark.model
def test_context_shows_what_is_sent_and_why(home: Path, chapter: Path) -> None:
    done = run(home, "context", str(chapter), "-m", MODEL, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    parts = {(part["kind"], part["source"]): part for part in told["parts"]}
    assert parts["notes", "notes.md"]["text"] == "Nobody dies.\n\n"
    assert parts["lore", "lore.md, Marta"]["in"]
    assert "“Marta”" in parts["lore", "lore.md, Marta"]["why"]
    assert ("lore", "lore.md, Tom") not in parts
    inside = [part for part in told["parts"] if part["in"]]
    assert "".join(part["text"] for part in inside) == told["text"]
    assert sum(part["tokens"] for part in inside) in (
        told["prompt_tokens"],
        told["prompt_tokens"] - 1,
    )
    draft = [part for part in inside if part["kind"] == "draft"]
    text = chapter.read_text()
    assert "".join(text[part["start"] : part["end"]] for part in draft) == text.rstrip("\n")
    plain = run(
        home, "context", str(chapter), "-m", KNOWN, "--at", "10", "--instruction", "ask tom"
    )
    assert "“tom” stands in the instruction" in plain.stdout
    assert "[Tom: A sailor.]" in plain.stdout
    assert "ask tom<|im_end|>\n<|im_start|>assistant" in plain.stdout, "all of it as it is sent"


@pytest.mark.model
def test_weigh_finds_the_sentence_that_tells(home: Path, chapter: Path) -> None:
    call = ("weigh", str(chapter), "-t", " the letter.", "--word", "letter", "--json")
    done = run(home, *call, "-m", KNOWN)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    most = max(told["sentences"], key=lambda sentence: sentence["lost"])
    assert most["source"] == "author-note.md"
    assert told["judged_tokens"] == 1
    assert told["attention"] is True
    assert sum(sentence["attention"] for sentence in told["sentences"]) == pytest.approx(
        1, abs=0.01
    )
    text = chapter.read_text()
    for sentence in told["sentences"]:
        if sentence["start"] is not None:
            assert text[sentence["start"] : sentence["end"]] == sentence["text"]


@pytest.mark.model
def test_a_draft_with_its_own_line_ends_is_told_in_its_own_places(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "crlf.md"
    file.write_bytes(b"One went.\r\n\r\nTwo went.\r\nThree went. Then")
    done = run(home, "weigh", str(file), "-m", MODEL, "-t", " four", "--no-attention", "--json")
    text = file.read_bytes().decode()
    found = json.loads(done.stdout)["sentences"]
    for sentence in (one for one in found if one["start"] is not None):
        raw = text[sentence["start"] : sentence["end"]]
        assert raw.replace("\r\n", "\n") == sentence["text"]
        assert sentence["attention"] is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("context", "{chapter}", "--at", "-1"), "--at must be 0 to"),
        (("context", "{chapter}", "--at", "99999999"), "--at must be 0 to"),
        (("context", "{chapter}.gone"), "There is no file"),
        (("weigh", "{chapter}", "-m", MODEL, "-t", " a b", "-w", "c"), "There is no 'c'"),
        (("weigh", "{chapter}", "-m", MODEL, "-t", " "), "no suggestion"),
        (("weigh", "{alone}", "-m", MODEL, "-t", " a", "--at", "0"), "too little text"),
        (("new",), "Missing argument"),
    ],
)
def test_what_is_wrong_is_one_sentence(
    home: Path, chapter: Path, words: tuple[str, ...], says: str
) -> None:
    alone = chapter.parent.parent.parent / "shopping.md"
    alone.write_text("Once.")
    names = {"{chapter}": str(chapter), "{alone}": str(alone)}
    done = run(home, *(names.get(word, word.replace("{chapter}", str(chapter))) for word in words))
    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_project_names_the_line(home: Path, chapter: Path) -> None:
    (chapter.parent.parent / "cowrite.toml").write_text("[project]\nchapters = 7\n")
    done = run(home, "context", str(chapter), "-m", MODEL)
    assert done.returncode == 2
    assert "line 2" in done.stderr


@pytest.mark.model
def test_missing_files_are_told_and_cost_themselves_alone(home: Path, chapter: Path) -> None:
    (chapter.parent.parent / "lore.md").unlink()
    done = run(home, "context", str(chapter), "-m", MODEL, "--json")
    assert done.returncode == 0
    assert "lore.md is named in the project and is not there" in done.stderr
    assert json.loads(done.stdout)["parts"][0]["kind"] == "notes"


@pytest.mark.model
def test_from_standard_input_there_is_no_project(home: Path) -> None:
    done = run(home, "context", "-", "-m", MODEL, "--json", given="Once upon a time.\n")
    assert [part["kind"] for part in json.loads(done.stdout)["parts"]] == ["draft"]
