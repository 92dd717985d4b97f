"""A wheel that is built from the source distribution holds everything, and runs where no checkout is."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from kernels import BUILDS

ROOT = Path(__file__).resolve().parents[2]
KERNEL = "cowrite/engine/llama/_mul_mat.so"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def run(*command: str, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a source distribution that was built from here."""
    folder = tmp_path_factory.mktemp("supply")
    tools = str(folder / "tools")
    pip = (
        sys.executable,
        "-m",
        "pip",
        "-q",
        "install",
        "--target",
        tools,
        "build",
        "hatchling>=1.25",
    )
    if subprocess.run(pip, check=False, capture_output=True).returncode:
        pytest.skip("the tools to build with can't be had here")
    build = (sys.executable, "-m", "build", "--no-isolation", "-o", str(folder / "out"))
    run(*build, "--sdist", str(ROOT), cwd=folder, PYTHONPATH=tools)
    (sdist,) = (folder / "out").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        assert not [name for name in archive.getnames() if name.endswith(".so")]
        archive.extractall(folder / "source", filter="data")
    (source,) = (folder / "source").iterdir()
    run(*build, "--wheel", str(source), cwd=folder, PYTHONPATH=tools)
    (built,) = (folder / "out").glob("*.whl")
    return built


def test_the_wheel_holds_the_package_and_the_cards_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {str(path.relative_to(ROOT)) for path in (ROOT / "cowrite").rglob("*.py")}
    assert wanted <= names
    assert KERNEL in names or not BUILDS
    assert any(
        name.startswith("cowrite/catalog/cards/") and name.endswith(".toml") for name in names
    )
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"cowrite"}


def test_it_runs_outside_of_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """With this environment's dependencies, so that none has to be compiled."""
    site = tmp_path / "site"
    pip = (
        sys.executable,
        "-m",
        "pip",
        "-q",
        "install",
        "--no-deps",
        "--target",
        str(site),
        str(wheel),
    )
    run(*pip, cwd=tmp_path)
    env = {"PYTHONPATH": str(site), "COWRITE_HOME": str(tmp_path / "home")}
    where = run(
        sys.executable, "-c", "import cowrite; print(cowrite.__file__)", cwd=tmp_path, **env
    )
    assert where.startswith(str(site))
    cowrite = (sys.executable, "-m", "cowrite")
    assert run(*cowrite, "--version", cwd=tmp_path, **env).startswith("cowrite ")
    assert "gemma-3-270m" in run(*cowrite, "models", "list", cwd=tmp_path, **env)
    if BUILDS:
        assert "own kernel: AVX" in run(*cowrite, "doctor", cwd=tmp_path, **env)
    said = run(*cowrite, "complete", "--text", "The sea was", "-n", "1", cwd=tmp_path, **env)
    assert said.strip()
