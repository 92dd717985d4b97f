"""Folders of a fresh user, and models that come in installed packages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from make_gguf import gguf

from cowrite.catalog import Card
from cowrite.catalog.cards import FilePart
from cowrite.paths import Paths

MakeCard = Callable[..., Card]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    home = tmp_path / "home"
    return Paths(home / "config", home / "data", home / "cache", home / "state")


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeCard:
    """Make a card whose model is installed as `count` packages of data."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))

    def make(count: int = 3, data: bytes | None = None, name: str = "tiny") -> Card:
        whole = gguf() if data is None else data
        step = -(-len(whole) // count)
        parts = []
        for index in range(count):
            package = f"{name}-part{index}"
            info = site / f"{package.replace('-', '_')}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(
                f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
            )
            folder = site / package.replace("-", "_")
            folder.mkdir()
            (folder / "piece").write_bytes(whole[index * step : (index + 1) * step])
            parts.append(FilePart(package, f"{folder.name}/piece"))
        return Card(
            name=name,
            title="Tiny",
            source="a test",
            file=f"{name}.gguf",
            sha256=hashlib.sha256(whole).hexdigest(),
            size=len(whole),
            licence="MIT",
            architecture="llama",
            kind="base",
            context_length=512,
            install=f"pip install {name}",
            parts=tuple(parts),
        )

    return make
