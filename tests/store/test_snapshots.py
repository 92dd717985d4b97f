"""Texts are kept once, small where they resemble another, and come back whole."""

import hashlib
import random
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.store import migrations, snapshots


@pytest.fixture
def db():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrations.migrate(connection)
    yield connection
    connection.close()


TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


@settings(max_examples=100)
@given(st.lists(st.tuples(TEXT, st.integers(0, 40), st.integers(0, 8)), max_size=12))
def test_a_chain_of_edited_texts_comes_back(steps):
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrations.migrate(connection)
    text, near, kept = "", None, []
    for piece, at, gone in steps:
        text = text[:at] + piece + text[at + gone :]
        near = snapshots.put(connection, text, near)
        kept.append((near, text))
    for one, wanted in kept:
        found = snapshots.get(connection, one.number)
        assert found.text == wanted
        assert (found.sha256, found.depth) == (one.sha256, one.depth)
    connection.close()


def test_the_same_text_is_one_row(db):
    one = snapshots.put(db, "text")
    assert snapshots.put(db, "text", snapshots.put(db, "other")).number == one.number


def test_a_small_change_takes_little_room(db):
    draw = random.Random(1)
    text = "".join(draw.choice("abcdefghij klmno\n") for _ in range(50_000))
    near = snapshots.put(db, text)
    snapshots.put(db, text[:20_000] + "changed here" + text[20_000:], near)
    whole, change = (
        size for (size,) in db.execute("SELECT length(data) FROM snapshots ORDER BY number")
    )
    assert change < 100 < whole


def test_long_chains_begin_anew(db, monkeypatch):
    monkeypatch.setattr(snapshots, "MAX_DEPTH", 3)
    near, text = None, "a" * 100
    for number in range(9):
        text += str(number)
        near = snapshots.put(db, text, near)
    depths = [depth for (depth,) in db.execute("SELECT depth FROM snapshots ORDER BY number")]
    assert max(depths) == 3
    assert depths.count(0) == 3
    assert snapshots.get(db, near.number).text == text


def test_a_base_that_was_purged_and_replaced_is_not_built_upon(db):
    near = snapshots.put(db, "a" * 100)
    db.execute("INSERT INTO meta VALUES ('purging', '1')")
    db.execute("DELETE FROM snapshots")
    db.execute("DELETE FROM meta")
    assert snapshots.put(db, "something else").number == near.number
    again = snapshots.put(db, "a" * 100 + "b", near)
    assert snapshots.get(db, again.number).text == "a" * 100 + "b"


def test_flattening_keeps_the_text(db):
    near = snapshots.put(db, "a" * 100)
    one = snapshots.put(db, "a" * 100 + "b", near)
    db.execute("INSERT INTO meta VALUES ('purging', '1')")
    snapshots.flatten(db, one.number)
    db.execute("DELETE FROM snapshots WHERE number = ?", (near.number,))
    found = snapshots.get(db, one.number)
    assert found.text == "a" * 100 + "b"
    assert found.sha256 == hashlib.sha256(found.text.encode()).digest()


def test_a_missing_snapshot_is_said(db):
    with pytest.raises(LookupError):
        snapshots.get(db, 7)
