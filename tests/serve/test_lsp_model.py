"""The language server with a real model."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_client import LanguageClient
from real_models import model_file

pytestmark = pytest.mark.model

TALE = "The rain had come down on the harbour since the morning. Old Marten sat in the window. He"


def test_a_real_model_writes_into_an_editor(tmp_path: Path):
    with LanguageClient(tmp_path, model=str(model_file("smollm2").path)) as editor:
        editor.initialize()
        editor.open("untitled:tale", TALE)
        items = editor.items("untitled:tale", 0, len(TALE))
        assert 1 <= len(items) <= 3
        assert all(item["insertText"].strip() for item in items)
        assert editor.end() == 0
