"""The terminal interface: the only importer of Textual."""

import os

# Textual reads this once, when it is imported. A lone escape refuses a suggestion, so it should not wait
# for the 100 ms that Textual allows a slow line to finish an escape sequence.
os.environ.setdefault("ESCDELAY", "50")

# Textual believes these before the terminal itself, and they are of the time when they were exported.
for _stale in ("COLUMNS", "LINES"):
    os.environ.pop(_stale, None)
