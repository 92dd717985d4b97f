"""docs/log-schema.md describes each table, view, column and kind of event, and none that is not there."""

import re
import sqlite3
from pathlib import Path

import pytest

from cowrite.store import migrations
from cowrite.store.documenting import renewed
from cowrite.store.event_types import EVENTS

DOCS = Path(__file__).parents[2] / "docs" / "log-schema.md"


@pytest.fixture(scope="module")
def described() -> dict[str, dict[str, str]]:
    """Table or view -> column -> what is said of it."""
    found: dict[str, dict[str, str]] = {}
    columns: dict[str, str] = {}
    for line in DOCS.read_text().splitlines():
        if line.startswith("#"):
            columns = {}
            if line.startswith("### "):
                found[line[4:]] = columns
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 2 and cells[0] not in ("column", "---"):
            columns[cells[0]] = cells[1]
    return found


@pytest.fixture(scope="module")
def live() -> dict[str, list[str]]:
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrations.migrate(db)
    names = db.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall()
    found = {
        name: [row[1] for row in db.execute(f"PRAGMA table_info({name})")]
        for (name,) in names
        if not name.startswith("sqlite_")
    }
    db.close()
    return found


def test_every_table_and_column_is_described(described, live):
    assert {name: list(columns) for name, columns in described.items()} == live
    assert all(said for columns in described.values() for said in columns.values())


def test_every_kind_of_event_is_described():
    rows = [
        [cell.strip() for cell in line.split("|")[1:4]]
        for line in DOCS.read_text().splitlines()
        if line.count("|") == 5
    ]
    said = [(event, origin or None, int(kind)) for event, origin, kind in rows if kind.isdigit()]
    assert said == [(row.event, row.origin, row.kind) for row in EVENTS.kinds]


def test_the_list_of_events_is_what_is_registered():
    page = DOCS.read_text()
    assert page == renewed(page), "python -m cowrite.store.documenting docs/log-schema.md"


def test_the_schema_number_is_the_newest():
    assert f"Schema {migrations.NEWEST};" in DOCS.read_text()
