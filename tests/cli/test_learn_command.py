"""`cowrite learn`: add, status, exclude, include, rollback, forget, and a round without torch."""

import hashlib
import json
import random
from typing import NamedTuple

import pytest
from real_models import model_file

from cowrite.learning.registry import Registry, Version
from cowrite.paths import user_paths

MODEL = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
"""Of the embedded default model."""


class Answer(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def cli(call):
    return lambda *words: Answer(*call(*words))


def prose(seed, size):
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghijklmnop", k=draw.randint(2, 9))) for _ in range(4000)]
    out = []
    while sum(map(len, out)) < size:
        out.append(" ".join(draw.choices(words, k=60)) + ".")
    return "\n\n".join(out)


@pytest.fixture
def novel(tmp_path):
    path = tmp_path / "novel.md"
    path.write_text("# One\n\n" + prose(1, 20_000) + "\n\n```\ncode that nobody learns from\n```\n")
    return path


def adapter(number, parent=0, documents=()):
    """A version as training would leave it."""
    registry = Registry(user_paths().learning / "adapters")
    registry.folder.mkdir(parents=True, exist_ok=True)
    fresh = registry.folder / "fresh"
    fresh.write_bytes(b"GGUF" + bytes([number]))
    version = Version(
        number, "gemma-3-270m", MODEL, 1, parent, dict.fromkeys(documents, "x"), frozenset(), 900, 1.0,
        hashlib.sha256(fresh.read_bytes()).hexdigest(), reason="It is better.", promoted=True,
    )  # fmt: skip
    registry.add(version, fresh)
    registry.use(MODEL, number)


def test_a_work_is_taken_in_and_shown_with_what_was_left_out(cli, novel):
    done = cli("learn", "add", str(novel))
    assert done.exit_code == 0
    assert "1 text taken in" in done.stderr
    shown = cli("learn", "status")
    assert shown.exit_code == 0
    assert "novel.md" in shown.stdout
    assert "code" in shown.stdout
    assert "new characters to learn from" in shown.stdout
    facts = json.loads(cli("learn", "status", "--json").stdout)
    assert facts["texts"][0]["held_out"] > 0
    assert facts["texts"][0]["left_out"] == {"code": facts["texts"][0]["left_out"]["code"]}
    assert facts["need"]["fresh"] > 8000


def test_what_can_not_be_read_is_told_and_the_exit_code_says_so(cli, novel, tmp_path):
    done = cli("learn", "add", str(novel), str(tmp_path / "none.md"))
    assert done.exit_code == 1
    assert "There is no file" in done.stderr
    assert "1 text taken in" in done.stderr


def test_a_text_is_left_out_and_taken_back_by_its_name(cli, novel):
    cli("learn", "add", str(novel))
    assert cli("learn", "exclude", "novel.md").exit_code == 0
    facts = json.loads(cli("learn", "status", "--json").stdout)
    assert facts["texts"] == []
    assert facts["excluded"] == [str(novel)]
    wrong = cli("learn", "exclude", "novle.md")
    assert wrong.exit_code == 2
    assert "Did you mean 'novel.md'?" in wrong.stderr
    assert cli("learn", "include", str(novel)).exit_code == 0
    assert len(json.loads(cli("learn", "status", "--json").stdout)["texts"]) == 1


def test_versions_go_back_and_are_forgotten(cli, novel):
    cli("learn", "add", str(novel))
    document = json.loads(cli("learn", "status", "--json").stdout)["texts"][0]["document_id"]
    adapter(1)
    adapter(2, parent=1, documents=[document])
    assert "* 2" in cli("learn", "status").stdout
    assert "version 1" in cli("learn", "rollback").stderr
    assert "nothing learned" in cli("learn", "rollback", "0").stderr
    assert cli("learn", "rollback", "7").exit_code == 2
    assert cli("learn", "rollback", "2").exit_code == 0
    assert cli("learn", "forget").exit_code == 2
    done = cli("learn", "forget", "--document", "novel.md", "--yes")
    assert "1 adapter" in done.stderr
    facts = json.loads(cli("learn", "status", "--json").stdout)
    assert facts["in_use"] == {MODEL: 1}
    assert [one["why"] for one in facts["promotions"]] == [
        "rollback",
        "rollback",
        "rollback",
        "forgotten",
    ]
    assert facts["excluded"] == [str(novel)]
    assert cli("learn", "forget", "--all", "--yes").exit_code == 0
    assert json.loads(cli("learn", "status", "--json").stdout)["versions"] == []


def test_without_a_terminal_forgetting_has_to_be_said_twice(cli, novel):
    cli("learn", "add", str(novel))
    done = cli("learn", "forget", "--all")
    assert done.exit_code == 2
    assert "--yes" in done.stderr
    assert len(json.loads(cli("learn", "status", "--json").stdout)["texts"]) == 1


def test_a_damaged_library_is_begun_anew_by_forgetting_all(cli, novel):
    cli("learn", "add", str(novel))
    (user_paths().learning / "library.sqlite3").write_bytes(b"no database" * 999)
    broken = cli("learn", "status")
    assert broken.exit_code == 1
    assert "forget --all" in broken.stderr
    assert cli("learn", "forget", "--all", "--yes").exit_code == 0
    assert cli("learn", "status").exit_code == 0


def test_a_round_without_torch_brings_the_rest_up_to_date_and_names_the_extra(
    cli, novel, monkeypatch
):
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *more: None if name == "torch" else real(name, *more),
    )
    cli("learn", "add", str(novel))
    done = cli("learn")
    assert done.exit_code == 0
    assert "cowrite[learn]" in done.stderr
    assert (user_paths().learning / "passages.sqlite3").exists()
    forced = cli("learn", "--now", "--model", str(model_file("cut smollm2").path))
    assert forced.exit_code == 1
    assert "cowrite[learn]" in forced.stderr


def test_too_little_text_is_said_with_how_much_is_wanted(cli, tmp_path):
    (tmp_path / "short.md").write_text("A short text, which nobody learns much from.")
    cli("learn", "add", str(tmp_path / "short.md"))
    done = cli("learn", "--now", "--model", str(model_file("cut smollm2").path))
    assert done.exit_code == 1
    assert "at least 8,000 are wanted" in done.stderr


def test_what_the_extra_brings_is_enough_to_train(cli, novel, monkeypatch):
    """The extra is torch and gguf; status must not ask for more than training does."""
    import importlib.util

    real = importlib.util.find_spec
    others = ("transformers", "peft")
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *more: None if name in others else real(name, *more),
    )
    pytest.importorskip("torch")
    cli("learn", "add", str(novel))
    assert json.loads(cli("learn", "status", "--json").stdout)["can_train"] is True
