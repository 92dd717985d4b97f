"""The terminal interface: the only importer of Textual."""

import os

# Textual believes these before the terminal itself, and they are of the time when they were exported.
for _stale in ("COLUMNS", "LINES"):
    os.environ.pop(_stale, None)
