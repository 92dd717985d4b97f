"""When work ahead of a request may be done."""

from __future__ import annotations

from cowrite.engine.host.pace import Pace
from cowrite.engine.protocol import RunAhead


def test_eager_work_never_waits():
    pace = Pace()
    pace.heard(10.0)
    pace.stepped(10.0, 11.0)
    assert pace.wait(10.0, RunAhead.EAGER, reading=False) == 0.0


def test_gentle_work_waits_for_a_pause_longer_to_write_than_to_read():
    pace = Pace()
    pace.heard(10.0)
    reading = pace.wait(10.0, RunAhead.GENTLE, reading=True)
    writing = pace.wait(10.0, RunAhead.GENTLE, reading=False)
    assert 0 < reading < writing
    assert pace.wait(10.0 + writing, RunAhead.GENTLE, reading=False) == 0.0


def test_gentle_writing_rests_after_each_step_and_reading_does_not():
    pace = Pace()
    pace.heard(10.0)
    pace.stepped(12.0, 13.0)
    assert 0 < pace.wait(13.0, RunAhead.GENTLE, reading=False) <= 1.0
    assert pace.wait(13.0, RunAhead.GENTLE, reading=True) == 0.0


def test_a_new_text_ends_the_rest_of_the_old_one():
    pace = Pace()
    pace.stepped(10.0, 30.0)
    pace.heard(30.0)
    assert pace.wait(31.0, RunAhead.GENTLE, reading=False) == 0.0
