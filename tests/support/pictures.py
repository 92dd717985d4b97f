"""Draw the pictures of the documentation from the program itself, with the real model.

Run `python tests/support/pictures.py` after a change of looks; it writes `docs/images/*.svg`.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import msgspec
from real_models import model_file

from cowrite.config import Settings
from cowrite.engine.protocol import EngineOptions
from cowrite.paths import Paths
from cowrite.session.found_model import FoundModel
from cowrite.store import Store
from cowrite.tui.app import CowriteApp

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"

DRAFT = """# The keeper

The lighthouse stood at the end of the pier, and every evening, when the last boat had come in, \
the keeper climbed its ninety steps with a can of oil in one hand and a book in the other.

He had kept the light for thirty years, and for thirty years nobody had asked him *why*. \
That night the wind came from the north, and when he looked out over the water he saw"""

SCENES: dict[str, tuple[dict[str, dict[str, object]], tuple[str, ...]]] = {
    "ghost": ({"ui": {"theme": "cowrite-ink"}}, ("ctrl+@", "...")),
    "candidates": ({"ui": {"theme": "cowrite-paper"}}, ("ctrl+@", "...", "f5")),
}
"""Name of the picture: its settings, and the keys that lead there; `...` waits for the model."""


async def draw(name: str, settings: dict[str, dict[str, object]], keys: tuple[str, ...]) -> None:
    """Play the keys in a window of its own, and write what it shows."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        draft = home / "keeper.md"
        draft.write_text(DRAFT)
        paths = Paths(home / "config", home / "data", home / "cache", home / "state")
        model = model_file("gemma")
        app = CowriteApp(
            draft,
            settings=msgspec.convert(settings, Settings),
            paths=paths,
            store=Store.open(paths.log_file),
            engine=FoundModel(model, EngineOptions()),
            driver_class=None,
        )
        async with app.run_test(size=(92, 22)) as pilot:
            session = app.drafts[0].session
            while session.engine.status.state != "ready":
                await pilot.pause(0.1)
            session.select(len(session.document), len(session.document))
            for key in keys:
                if key == "...":
                    while session.suggestion is None or not session.suggestion.done:
                        await pilot.pause(0.1)
                else:
                    await pilot.press(key)
            await pilot.pause(0.3)
            (IMAGES / f"{name}.svg").write_text(app.export_screenshot(title="cowrite"))


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    for scene, (wanted, played) in SCENES.items():
        asyncio.run(draw(scene, wanted, played))
