"""Windows without a terminal, for Pilot: a home of their own, and a stand-in for the model process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fake_host import fake_command

from cowrite.config import Settings
from cowrite.engine.protocol import EngineOptions, ModelFile
from cowrite.paths import Paths
from cowrite.session.found_model import FoundModel
from cowrite.store import Store
from cowrite.tui.app import CowriteApp


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    home = tmp_path / "home"
    return Paths(home / "config", home / "data", home / "cache", home / "state")


@pytest.fixture
def make_app(paths: Paths) -> Callable[..., CowriteApp]:
    """`make_app(file, settings={"editor": {...}}, engine=True, **script)`; without `engine` there is none."""

    def make(
        file: Path | None,
        *,
        settings: dict[str, dict[str, Any]] | None = None,
        engine: bool = False,
        adapter: Path | None = None,
        **script: Any,
    ) -> CowriteApp:
        wanted = msgspec.convert(settings or {}, Settings)
        model = ModelFile("stand-in", Path("/nowhere/stand-in.gguf"), "0" * 64, adapter=adapter)
        options = EngineOptions(command=fake_command(**script))
        app = CowriteApp(
            file,
            settings=wanted,
            paths=paths,
            store=Store.open(paths.log_file),
            engine=FoundModel(model, options),
            driver_class=None,
        )
        if not engine:
            app.engine.start = lambda: None  # type: ignore[method-assign]
        return app

    return make
