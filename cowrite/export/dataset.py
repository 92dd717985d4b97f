"""A folder that is a Hugging Face data set: JSON Lines for each configuration, and a card."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cowrite.export.card import FEATURES, card
from cowrite.export.contents import Contents
from cowrite.export.lines import event_row, line, training_kind, training_row
from cowrite.export.source import ExportSource
from cowrite.export.target import new_file
from cowrite.plain_json import encoded


def write(source: ExportSource, folder: Path) -> int:
    """Fill the folder; returns how many rows. A configuration without rows is left out: it has no types."""
    contents = Contents()
    about = source.about()
    for part in about.parts:
        side = source.part(part)
        with contextlib.ExitStack() as stack:
            files = {
                config: stack.enter_context(new_file(folder, f"{config}/{part}.jsonl"))
                for config in FEATURES
            }
            counts = dict.fromkeys(FEATURES, 0)
            for config, row in _all_rows(contents, side):
                files[config].write(line(_columns(config, row)))
                counts[config] += 1
        for config, count in counts.items():
            if count:
                contents.files.setdefault(config, {})[part] = count
            else:
                (folder / config / f"{part}.jsonl").unlink()
    for config in FEATURES.keys() - contents.files.keys():
        (folder / config).rmdir()
    with new_file(folder, "README.md") as out:
        out.write(card(contents, about, source.redaction()).encode("utf-8", "replace"))
    return sum(count for parts in contents.files.values() for count in parts.values())


def _all_rows(contents: Contents, source: ExportSource) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row with its configuration; counts what the card tells on the way."""
    for suggestion, made in source.training():
        contents.count(suggestion)
        for row in made:
            yield training_kind(row), training_row(row)
    for session in source.sessions():
        contents.count_session(session)
        for event in source.events(session):
            said = event_row(session, event)
            yield "events", {**said, "data": _packed(said["data"])}


def _columns(config: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row with every column, none of them null: readers learn a column's type from its values."""
    return {name: _said(row[name]) for name, _ in FEATURES[config]}


def _said(value: Any) -> Any:
    return "" if value is None else value


def _packed(data: object) -> str:
    """An event's data as a JSON text: types differ from event to event, and a column has one."""
    return encoded(data).decode()
