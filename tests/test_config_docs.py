"""docs/settings.md is what the declaration says, and nothing heavy is imported for settings."""

import subprocess
import sys
from pathlib import Path

from cowrite.config.documenting import settings_page

ROOT = Path(__file__).parents[1]


def test_the_page_is_what_the_declaration_says() -> None:
    page = ROOT / "docs" / "settings.md"
    assert page.read_text("utf-8") == settings_page(), (
        "write it anew: python -m cowrite.config.documenting > docs/settings.md"
    )


def test_reading_settings_imports_little() -> None:
    code = "import sys, cowrite.config; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "cowrite.config" in loaded
    assert not loaded & {"tomlkit", "typer", "rich", "textual", "llama_cpp", "sqlite3"}
