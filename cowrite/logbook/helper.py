"""The process that makes figures besides another one: `python -m cowrite.logbook.helper LOG`.

Reads a session a line, as JSON, and writes its figures as a line. It ends when nothing more comes, and at the
first session that it can't read: whoever asked will find the words for that.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path


def main() -> None:
    """Answer until nothing more is asked."""
    # Ctrl+C is for the process in front, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import msgspec

    from cowrite.core.events import SessionInfo
    from cowrite.errors import CowriteError
    from cowrite.logbook.making import make
    from cowrite.store import LogReader

    sessions = msgspec.json.Decoder(SessionInfo)
    with LogReader.at(Path(sys.argv[1])) as log:
        for line in sys.stdin.buffer:
            try:
                figures = make(log, sessions.decode(line))
            except CowriteError:
                return
            sys.stdout.buffer.write(figures + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
