"""A process that types into a journal as fast as it is told, to be killed by a test.

After each event it says on stdout what was "painted" and when: `monotonic_ns seq`. Run as
`typing_process.py LOG DRAFT SEED [SLOW]`; on a disk where each transaction takes SLOW seconds more.
"""

import random
import sys
import time
from pathlib import Path

from cowrite.core.edits import Edit, Origin
from cowrite.core.events import Edited, Opened, Saved, SettingChanged
from cowrite.store import Store
from cowrite.store.encode import EventWriter


def slow_down(seconds: float) -> None:
    write = EventWriter.write

    def write_slowly(self, db, events):
        write(self, db, events)
        time.sleep(seconds)

    EventWriter.write = write_slowly


def main(log: str, draft: str, seed: str, slow: str = "0") -> None:
    if float(slow):
        slow_down(float(slow))
    draw = random.Random(int(seed))
    store = Store.open(Path(log))
    journal = store.begin(draft, Opened("", (), draft), app_version="1")
    print(journal.session_id, flush=True)
    pause = draw.choice([0.0002, 0.001, 0.005])
    length = 0
    seq = 1
    while True:
        seq += 1
        chance = draw.random()
        if chance < 0.005:
            journal.append(Saved(draft, "ab" * 32, length), durable=True)
        elif chance < 0.01:
            journal.append(SettingChanged("name", "value"), durable=True)
        else:
            journal.append(Edited(Edit(length, "", chr(97 + seq % 26), Origin.TYPED)))
            length += 1
        print(time.monotonic_ns(), seq, flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    main(*sys.argv[1:])
