"""A hub on loopback, with a second host that its files come from, and a fresh user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hub_server import HubServer, serving
from make_gguf import gguf

from cowrite.hub.pulling import Pulled, Wanted, pull
from cowrite.hub.source import read_source, token_of
from cowrite.hub.web import Web, origin_of
from cowrite.paths import Paths

TOKEN = "hf_secret"


@dataclass
class Puller:
    """`pull` as the command calls it; what it told and how long it would have slept is kept."""

    hub: HubServer
    cdn: HubServer
    paths: Paths
    told: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    stall: float = 5.0

    def __call__(self, source: str = "hf:owner/repo", **more: object) -> Pulled:
        hub = self.hub.url
        web = Web(token_of(hub), origin_of(hub), self.told.append, self.slept.append, self.stall)
        source = source.replace("{hub}", hub).replace("{cdn}", self.cdn.url)
        wanted = Wanted(read_source(source), hub, **more)  # type: ignore[arg-type]
        return pull(web, wanted, self.paths, lambda _done, _total: None)

    def left(self) -> list[str]:
        """The files that lie among the models, without locks."""
        found = (path for path in self.paths.models.rglob("*") if path.is_file())
        return sorted(path.name for path in found if path.name != ".lock")


@pytest.fixture
def model() -> bytes:
    """A model of some size, whole."""
    return gguf(tensors=(("token_embd.weight", (64, 30_000)),))


@pytest.fixture
def puller(tmp_path: Path, model: bytes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Puller]:
    for name in ("HF_HUB_OFFLINE", "HF_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    home = tmp_path / "home"
    paths = Paths(home / "config", home / "data", home / "cache", home / "state")
    files = {"tiny-Q4_K_M.gguf": model, "README.md": b"words"}
    with serving(HubServer(files)) as cdn, serving(HubServer(files, cdn=cdn)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield Puller(hub, cdn, paths)
