"""Keys that come in one moment: each goes where the one before it leads, as if they had come one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from windows import Open

pytestmark = pytest.mark.pty

TEXT = "The cat sat on the mat.\n\n# Two\n\nThe dog slept. Here it ends"
ESCAPE = "\x1b[27u"
"""As keyboards report it that tell an escape from the beginning of a sequence."""

BURSTS = {
    "an instruction": ("\x0b7\r\x1b[1;5Fxyz", "endsxyz"),
    "the find bar": (f"\x06sat{ESCAPE}xyz", "xyz on the mat"),
    "the palette": ("\x10typewriter\rxyz", "xyzThe cat"),
    "the headings": ("\x07Two\rxyz", "xyz# Two"),
    "a name for the file": ("\x1bs{folder}/other.md\rxyz", "xyzThe cat"),
    "the settings": (f"\x1bp{ESCAPE}xyz", "xyzThe cat"),
    "the project": (f"\x1b7{ESCAPE}xyz", "xyzThe cat"),
    "a pasted name": ("\x1bs\x1b[200~{folder}/other.md\x1b[201~\rxyz", "xyzThe cat"),
}


@pytest.mark.parametrize("burst", BURSTS)
def test_keys_in_one_burst_are_written_into_the_draft(
    window: Open, tmp_path: Path, burst: str
) -> None:
    file = tmp_path / "draft.md"
    file.write_text(TEXT)
    keys, wanted = BURSTS[burst]
    screen = window(file, texts=[[" AND SO ON."] * 3], settings={"suggestions.count": "1"})
    screen.wait("ready stand-in")
    screen.write(keys.format(folder=tmp_path))
    screen.wait(wanted)
