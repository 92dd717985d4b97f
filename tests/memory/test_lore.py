"""Lore: what is an entry, which keys it has, and which entries a text names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.memory.lore import Entry, entries_of, told
from cowrite.memory.naming import LoreIndex

FILE = Path("lore.md")


def read(text: str) -> dict[str, Entry]:
    return {entry.name: entry for entry in entries_of(text, FILE)}


def index(*keys: str) -> LoreIndex:
    return LoreIndex(Entry(key, tuple(key.split("|")), "Text.", FILE) for key in keys)


def names(found: LoreIndex, text: str, *, loose: bool = False) -> list[str]:
    return [found.entries[named.entry].name for named in found.named(text, loose=loose)]


def test_an_entry_is_a_heading_with_its_text() -> None:
    text = "# Lore\n\n## Marta Quill\nKeys: Marta, the clockmaker\n\nA clockmaker.\n\n## The Mill\n\nOld.\n"
    found = read(text)
    assert list(found) == ["Marta Quill", "The Mill"]
    assert found["Marta Quill"].keys == ("Marta Quill", "Marta", "the clockmaker")
    assert found["Marta Quill"].text == "A clockmaker."
    assert text[found["The Mill"].start :].startswith("## The Mill")


def test_groups_are_no_entries_and_what_is_below_an_entry_belongs_to_it() -> None:
    found = read(
        "# People\n\n## Tom\n\nA sailor.\n\n### Youth\n\nIn Hull.\n\n# Places\n\n## Hull\n\nA port.\n"
    )
    assert list(found) == ["Tom", "Hull"]
    assert found["Tom"].text == "A sailor.\n\n### Youth\n\nIn Hull."


def test_headings_of_the_highest_level_are_entries_where_they_have_texts() -> None:
    assert list(read("# Tom\n\nA sailor.\n\n# Ann\n\nA cook.\n\n## Her youth\n\nIn Hull.\n")) == [
        "Tom",
        "Ann",
    ]


def test_a_file_without_headings_is_one_entry() -> None:
    text = "---\naliases: [Old Tom, 'the captain']\ntags:\n  - x\n---\nA sailor.\n"
    (entry,) = entries_of(text, Path("lore/Tom.md"))
    assert entry.keys == ("Tom", "Old Tom", "the captain")
    assert entry.text == "A sailor."
    (listed,) = entries_of(
        "---\naliases:\n  - Old Tom\n  - Cap\nx: y\n---\nA sailor.", Path("Tom.md")
    )
    assert listed.keys == ("Tom", "Old Tom", "Cap")


@pytest.mark.parametrize("text", ["", "\n\n", "<!-- ## Marta\n\nA clockmaker. -->"])
def test_nothing_is_no_entry(text: str) -> None:
    assert list(entries_of(text, FILE)) == []


def test_an_entry_that_was_just_begun_is_one() -> None:
    assert list(read("<!-- hints -->\n## Odo Finch\n\n")) == ["Odo Finch"]
    assert list(read("# Lore\n\n## Odo Finch\n\n")) == ["Odo Finch"]
    assert list(read("# Lore\n\n## Tom\n\nA sailor.\n\n## Odo Finch\n")) == ["Tom", "Odo Finch"]


def test_comments_and_code_are_not_told() -> None:
    found = read(
        "# A\n\nText. <!-- secret -->More.\n\n# B\n\n```\n# no heading\n```\n\n# C\n\nText.\n"
    )
    assert list(found) == ["A", "B", "C"]
    assert found["A"].text == "Text. More."
    assert told("---\ntitle: x\n---\nText.\n\n\n\nMore.<!-- never ended") == "Text.\n\nMore."


def test_underlined_headings_are_headings() -> None:
    found = read("Marta\n=====\n\nA clockmaker.\n\nTom\n===\nKeys: Cap\n\nA sailor.\n")
    assert found["Marta"].text == "A clockmaker."
    assert found["Tom"].keys == ("Tom", "Cap")


@given(st.text(alphabet="# ab\n-=:<!->`Keys,", max_size=120))
def test_anything_can_be_read(text: str) -> None:
    for entry in entries_of(text, FILE):
        assert 0 <= entry.start <= len(text)
        assert entry.keys


# Naming


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        ("Marta", "Then Marta came.", True),
        ("Marta", "Marta's hat", True),
        ("Marta", "MARTA!", True),
        ("Marta", "**Marta**", True),
        ("Marta", "Martaban", False),
        ("Marta", "then marta came", False),
        ("Will", "He will go.", False),
        ("the clockmaker", "The clockmaker went.", True),
        ("Marta Quill", "Marta\nQuill", True),
        ("Marta Quill", "Marta was at Quill", False),
        ("Jean-Paul", "Jean-Paul sat", True),
        ("Mr. Quill", "Mr Quill sat", True),
        ("Zoë", "Zoe sat, Zoe\u0308 stood", True),
        ("O’Hara", "O'Hara's hat", True),
        ("McDonald's", "at McDonald's", True),
        ("田中", "昨日田中先生は", True),
        ("Ольга", "И Ольга пришла", True),
        ("กรุงเทพ", "ไปกรุงเทพมหานคร", True),
    ],
)
def test_a_key_is_found_as_a_reader_finds_it(key: str, text: str, found: bool) -> None:
    assert bool(names(index(key), text)) is found


def test_an_instruction_is_typed_in_haste() -> None:
    assert names(index("Marta"), "make marta angry") == []
    assert names(index("Marta"), "make marta angry", loose=True) == ["Marta"]


def test_the_longest_key_counts_and_all_that_have_it() -> None:
    found = index("Marta", "Marta Quill", "Quill", "Tom|Marta Quill")
    assert names(found, "Marta Quill came.") == ["Marta Quill", "Tom|Marta Quill"]


def test_places_are_those_of_the_text() -> None:
    text = "Then Zoe\u0308's hat, and 田中."
    places = [(named.start, named.end) for named in index("Zoë", "田中").named(text)]
    assert [text[low:high] for low, high in places] == ["Zoe\u0308's", "田中"]


@pytest.mark.parametrize("name", ["Name{} of Town", "the man of town {}", "{}", "Marta", "村{}"])
def test_ten_thousand_entries_cost_some_look_ups_a_word(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = index(*(name.format(number) for number in range(10_000)))
    looked: list[object] = []

    class Counting(dict):  # type: ignore[type-arg]
        def get(self, key: object, default: object = None) -> object:
            looked.append(key)
            return super().get(key, default)

    monkeypatch.setattr(found, "_keys", Counting(found._keys))
    text = f"Then {name.format(77)} went. " * 60
    named = found.named(text)
    assert len({one.start for one in named}) == 60
    assert len(named) <= 60 * 64
    assert len(looked) <= 6 * 60 * 6


@given(st.lists(st.text(min_size=1, max_size=12), max_size=8), st.text(max_size=80), st.booleans())
def test_any_keys_and_any_text(keys: list[str], text: str, loose: bool) -> None:
    found = LoreIndex(Entry("x", (key,), "t", FILE) for key in keys)
    for named in found.named(text, loose=loose):
        assert 0 <= named.start < named.end <= len(text)
