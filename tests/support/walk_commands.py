"""Runs many commands of cowrite one after the other in one terminal: `walk_commands.py JSON`.

JSON is a list of lists of words. Each command runs in a process of its own that has everything imported
already, which takes a tenth of the time; what it wrote stands between two lines with its number.
"""

from __future__ import annotations

import json
import os
import sys

from imported import import_all

MARK = "=== command {} ==="


def main() -> None:
    from cowrite.cli.main import main as command

    import_all()
    for number, words in enumerate(json.loads(sys.argv[1])):
        print(MARK.format(number), flush=True)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = command(words)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)
        os.waitpid(child, 0)
    print(MARK.format("end"), flush=True)


if __name__ == "__main__":
    main()
