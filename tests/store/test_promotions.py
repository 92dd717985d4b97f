"""What came into use of what was learned is a line in the log, which nothing but a purge of all takes away."""

import sqlite3

import pytest

from cowrite.core.promotion import Promotion
from cowrite.store import LogReader, Store

ONE = Promotion(1000, "adapter", "ab" * 32, 2, 1, "gate", "It is better.", {"nats": -0.05})
BACK = Promotion(2000, "adapter", "ab" * 32, 1, 2, "rollback")


def test_promotions_are_read_as_they_were_written(log):
    with Store.open(log) as store:
        store.promote(ONE)
        store.promote(BACK)
    with LogReader.open(log) as reader:
        assert reader.promotions() == [ONE, BACK]


def test_a_line_is_never_changed(log):
    with Store.open(log) as store:
        store.promote(ONE)
    db = sqlite3.connect(log)
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        db.execute("UPDATE promotions SET version = 9")
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        db.execute("DELETE FROM promotions")
    db.close()


def test_a_purge_of_a_draft_leaves_them_and_one_of_everything_does_not(log, pens):
    with Store.open(log) as store:
        store.promote(ONE)
        pen = pens(store, "/d/a.md")
        pen.type("x")
        pen.close()
        store.purge(document="/d/a.md")
        assert store.reader.promotions() == [ONE]
        store.purge(everything=True)
        assert store.reader.promotions() == []
