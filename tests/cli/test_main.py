"""The command line itself: what is imported, what is refused, and how failures are told."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cowrite
from cowrite.cli import doctor as doctor_module
from cowrite.cli.commands import COMMANDS, exists, with_default
from cowrite.errors import CowriteError, ModelError, UsageError
from cowrite.paths import Paths

NAMES = ["write", "models", "complete", "config"]
OPTIONS = {"--help", "-h", "--version"}


def program(*words: str, **how: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cowrite", *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
        **how,
    )


@pytest.mark.parametrize("words", [("complete",), ("book",), ("proofread",), ("new",)])
def test_a_name_that_is_too_long_for_a_file_is_no_crash(words: tuple[str, ...]) -> None:
    done = program(*words, "a" * 5000)
    assert done.returncode in (1, 2)
    assert "longer than names can be" in done.stderr


def imported_by(*words: str) -> set[str]:
    code = (
        "import sys; from cowrite.cli.main import main; main(sys.argv[1:]); "
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["models", "--help"], ["config", "list"]]
)
def test_little_is_imported_for_little(home: Paths, words: list[str]) -> None:
    loaded = imported_by(*words)
    assert "cowrite.cli.main" in loaded
    assert not {name.partition(".")[0] for name in loaded} & {
        "textual",
        "llama_cpp",
        "rich",
        "numpy",
    }


def test_help_of_every_command_imports_no_engine_and_no_screen(home: Paths) -> None:
    code = (
        "import sys; from cowrite.cli.main import main; from cowrite.cli.commands import COMMANDS, exists\n"
        "for name in COMMANDS:\n"
        "    if exists(name): assert main([name, '--help']) == 0, name\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stderr.split()) & {"textual", "llama_cpp"}


def test_help_lists_the_commands_that_are_there_and_shows_examples(call: Any) -> None:
    code, out, err = call("--help")
    assert (code, err) == (0, "")
    for name in COMMANDS:
        assert (f"\n  {name} " in out) == exists(name), name
    for part in (
        "Usage: cowrite [OPTIONS] [FILE]",
        "Examples:",
        "--install-completion",
        "cowrite draft.md",
    ):
        assert part in out
    assert max(map(len, out.splitlines())) <= 96


def test_version(call: Any) -> None:
    assert call("--version") == (0, f"cowrite {cowrite.__version__}\n", "")


def test_the_first_word_is_a_command_or_a_draft(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    assert with_default([], NAMES, OPTIONS) == ["write"]
    assert with_default(["draft.md"], NAMES, OPTIONS) == ["write", "draft.md"]
    assert with_default(["models", "list"], NAMES, OPTIONS) == ["models", "list"]
    assert with_default(["./models"], NAMES, OPTIONS) == ["write", "./models"]
    assert with_default(["--model", "x", "a.md"], NAMES, OPTIONS) == [
        "write",
        "--model",
        "x",
        "a.md",
    ]
    assert with_default(["--version"], NAMES, OPTIONS) == ["--version"]
    assert with_default(["chapter"], NAMES, OPTIONS) == ["write", "chapter"]


def test_a_slip_in_a_command_is_refused_unless_it_is_a_file(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        with_default(["modles"], NAMES, OPTIONS)
    assert "cowrite models" in caught.value.hint
    assert "cowrite write modles" in caught.value.hint
    Path("modles").touch()
    assert with_default(["modles"], NAMES, OPTIONS) == ["write", "modles"]
    assert with_default(["modles.md"], NAMES, OPTIONS) == ["write", "modles.md"]


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["--modle", "x"], "'--model'"),
        (["--verison"], "'--version'"),
        (["write", "--no-lgo"], "'--no-log'"),
        (["models", "list", "--jsno"], "'--json'"),
        (["models", "lst"], "There is no command 'lst'.\nDid you mean 'list'?"),
        (["config", "sett"], "Did you mean 'set'?"),
        (["log", "zzz"], "Known: move, off, on, purge, "),
    ],
)
def test_unknown_words_get_the_nearest_match(call: Any, words: list[str], near: str) -> None:
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert err.startswith("cowrite: ")
    assert near in err
    assert len(err.splitlines()) <= 2


@pytest.mark.parametrize("words", [["--colour"], ["write", "--zzz"], ["models", "list", "--quiet"]])
def test_s3_an_option_like_no_other_gets_no_guess(call: Any, words: list[str]) -> None:
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert "There is no option" in err
    assert "Did you mean" not in err
    assert "--help" in err


def test_without_a_terminal_writing_is_refused_in_one_sentence(home: Paths) -> None:
    done = program("draft.md")
    assert (done.returncode, done.stdout) == (2, "")
    sentence, hint = done.stderr.splitlines()
    assert "`cowrite complete`" in sentence
    assert hint == "cowrite complete draft.md"
    assert not Path("draft.md").exists()


def test_errors_are_told_on_stderr_with_their_code_and_without_controls(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ModelError("bad \x1b[31mname\nnext", "try \x07this")

    monkeypatch.setattr(doctor_module, "findings", fail)
    code, out, err = call("doctor")
    assert (code, out) == (1, "")
    assert err == "cowrite: bad ␛[31mname␊next\ntry ␇this\n"


def test_a_failure_of_ours_is_one_sentence_and_a_report_without_text(
    call: Any, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        draft = "what the writer typed"
        raise ValueError(draft)

    monkeypatch.setattr(doctor_module, "findings", fail)
    code, out, err = call("doctor")
    assert (code, out) == (1, "")
    assert "(ValueError)" in err
    assert "what the writer typed" not in err
    (report,) = home.crash_folder.iterdir()
    assert str(report) in err
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    text = report.read_text()
    assert "ValueError" in text
    assert "test_main.py" in text
    assert "what the writer typed" not in text.replace('draft = "what the writer typed"', "")


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt, 130), (BrokenPipeError, 0)])
def test_an_interrupt_and_a_gone_reader_say_nothing(
    home: Paths, error: type[BaseException], code: int
) -> None:
    script = (
        "import sys; from cowrite.cli import doctor, main\n"
        f"def fail(_): raise {error.__name__}\n"
        "doctor.findings = fail\n"
        "sys.exit(main.main(['doctor']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


def test_a_reader_that_stops_reading_is_no_failure(home: Paths) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "cowrite", "config", "list", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 0


def test_a_bad_model_named_for_a_call_is_told_before_the_screen_opens(
    home: Paths, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stream in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True, raising=False)
    code, _, err = call("--model", "gema-3-270m", "a.md")
    assert code == 2
    assert "'gemma-3-270m'" in err
    Path("bad.gguf").write_text("no")
    code, _, err = call("--model", "bad.gguf", "a.md")
    assert code == 1
    assert "not a GGUF" in err


def test_wrong_settings_are_told_with_file_and_key(home: Paths, call: Any) -> None:
    home.config.mkdir(parents=True)
    home.config_file.write_text("[editor]\ncolumn = 7\n")
    code, out, err = call("models", "list")
    assert (code, out) == (2, "")
    assert str(home.config_file) in err
    assert "editor.column" in err
    assert "from 60 to 100" in err


def test_every_error_of_the_tree_has_an_exit_code() -> None:
    kinds = [CowriteError, *CowriteError.__subclasses__()]
    assert {kind.exit_code for kind in kinds} <= {1, 2, 130}, "130: it was stopped, as by ctrl+c"


def test_completion_offers_commands(home: Paths) -> None:
    environment = {
        **os.environ,
        "_COWRITE_COMPLETE": "complete_bash",
        "COMP_WORDS": "cowrite mod",
        "COMP_CWORD": "1",
    }
    done = program(env=environment)
    assert done.stdout.split() == ["models"]


@pytest.mark.parametrize("words", [["config", "list"], ["--version"]])
def test_a_full_disk_behind_stdout_is_told(home: Paths, words: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cowrite", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        "cowrite: The output can't be written: No space left on device."
    )
    assert not home.crash_folder.exists()


def test_closed_streams_are_no_crash(home: Paths) -> None:
    command = f"{sys.executable} -m cowrite a.md <&- >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["stats", "--html"], "stats"),
        (["export", "-o"], "export"),
        (["models", "add", "x", "--name"], "models add"),
        (["write", "--model"], "write"),
        (["config", "get"], "config get"),
    ],
)
def test_a_call_that_is_wrong_is_sent_to_its_own_help(
    call: Any, words: list[str], command: str
) -> None:
    code, _, err = call(*words)
    assert code == 2
    assert err.splitlines()[-1] == f"See `cowrite {command} --help`."
