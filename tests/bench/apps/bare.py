"""The yardstick: a Textual app with a TextArea and nothing else."""

import sys
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import TextArea


class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield TextArea(Path(sys.argv[1]).read_text(encoding="utf-8"), soft_wrap=True)


Bare().run()
