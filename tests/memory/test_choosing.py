"""Which parts stand beside a draft: budgets hold, the order is fixed, and lore stays while there is room."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.context import ORDER, PartKind, sentences
from cowrite.memory.choosing import Budgets, Item, budgets, chosen, lore, shown
from cowrite.memory.lore import Entry
from cowrite.memory.naming import LoreIndex
from cowrite.memory.project import Project
from cowrite.memory.story import Chapter, Story, Told

HERE = Path("/book")
PROJECT = Project(
    HERE / "cowrite.toml", "Book", notes=(HERE / "notes.md",), author_note=HERE / "an.md"
)
ROOM = Budgets(400, 400, 200, 100)


def entry(name: str, text: str = "A sailor.") -> Entry:
    return Entry(name, (name,), text, HERE / "lore.md")


def story(
    *entries: Entry, chapters: tuple[Chapter, ...] = (), notes: str = "Nobody dies."
) -> Story:
    note = Told(HERE / "an.md", "She finds the letter.")
    return Story(PROJECT, chapters, (Told(HERE / "notes.md", notes),), note, LoreIndex(entries))


def inside(items: list[Item] | tuple[Item, ...], kind: PartKind) -> list[str]:
    return [item.text for item in items if item.kind is kind and item.text]


def choose(it: Story, words: str, draft: str = "2.md", held: tuple[int, ...] = (), asked: str = ""):
    return chosen(it, HERE / draft, ROOM, held, words, asked)


def test_what_is_named_comes_in_with_a_reason() -> None:
    _, items = choose(story(entry("Marta"), entry("Tom")), "Then Marta came.")
    assert inside(items, PartKind.LORE) == ["[Marta: A sailor.]"]
    assert next(item.why for item in items if item.text == "[Marta: A sailor.]").startswith(
        "“Marta”"
    )
    assert inside(items, PartKind.NOTES) == ["Nobody dies."]
    assert inside(items, PartKind.AUTHOR) == ["[She finds the letter.]"]
    assert [ORDER[item.kind] for item in items] == sorted(ORDER[item.kind] for item in items)


def test_an_instruction_names_too() -> None:
    _, items = choose(story(entry("Marta"), entry("Tom")), "Rain.", asked="let tom speak")
    assert inside(items, PartKind.LORE) == ["[Tom: A sailor.]"]


def test_what_an_entry_names_comes_behind_it_and_loops_end() -> None:
    it = story(entry("Marta", "Sister of Tom."), entry("Tom", "Brother of Marta, who is Marta."))
    stands, items = choose(it, "Marta slept.")
    assert sorted(stands) == [0, 1]
    assert stands[-1] == 0, "what was named itself stands nearest"
    assert "names it" in next(item.why for item in items if item.source.endswith("Tom"))


def test_what_is_there_stays_while_there_is_room() -> None:
    it = story(*(entry(f"Name{n}", "x" * 40 + ".") for n in range(9)))
    stands, _ = choose(it, "Name1 went.")
    again, _ = choose(it, "Name2 went.", held=stands)
    assert again == (1, 2)
    assert choose(it, "Rain fell.", held=again)[0] == again
    last = again
    for n in range(3, 8):
        last, items = choose(it, f"Name{n} went.", held=last)
        assert n in last
        assert sum(map(len, inside(items, PartKind.LORE))) <= ROOM.lore
    assert 1 not in last


def test_what_there_is_no_room_for_is_told() -> None:
    it = story(*(entry(f"Name{n}", "x" * 110 + ".") for n in range(4)))
    _, items = choose(it, "Name0, Name1, Name2 and Name3.")
    assert len(inside(items, PartKind.LORE)) == 1
    assert inside(items, PartKind.LORE)[0].startswith("[Name3"), "the last that was named"
    assert sum("no room" in item.why for item in items) == 3


def test_a_long_entry_is_cut_at_a_sentence() -> None:
    text = shown(entry("Marta", "She was a clockmaker. " * 80))
    assert text.endswith("clockmaker.]")
    assert len(text) < 720
    assert shown(entry("Marta", "x" * 2000)) == ""


def test_other_chapters_come_by_their_summaries_the_nearest_last_to_give_way() -> None:
    chapters = tuple(
        Chapter(HERE / f"{n}.md", f"Chapter {n}", f"In {n} it rains. " * 9, "s.md")
        for n in range(1, 6)
    )
    _, items = choose(story(chapters=chapters), "", draft="4.md")
    texts = inside(items, PartKind.SUMMARY)
    assert texts[-1].startswith("Chapter 3: In 3")
    assert [text[8] for text in texts] == sorted(text[8] for text in texts)
    assert sum(map(len, texts)) <= ROOM.summaries
    assert any(item.why == "it comes later" and not item.text for item in items)
    assert all("Chapter 4" not in item.text for item in items), "not the draft itself"


def test_the_end_of_the_chapter_before_stands_for_its_summary() -> None:
    chapters = (
        Chapter(HERE / "1.md", "One", ending="He left."),
        Chapter(HERE / "2.md", "Two", ending="She wept."),
        Chapter(HERE / "3.md", "Three"),
    )
    _, items = choose(story(chapters=chapters), "", draft="3.md")
    assert inside(items, PartKind.SUMMARY) == ["She wept."]


def test_a_draft_is_not_told_itself() -> None:
    _, items = choose(story(), "", draft="notes.md")
    assert inside(items, PartKind.NOTES) == []


def test_what_is_reserved_does_not_follow_what_is_there() -> None:
    one, other = story(entry("Tom"), notes=""), story(entry("Tom"), notes="Long. " * 900)
    assert budgets(one, 6000) == budgets(other, 6000)
    assert budgets(other, 6000).reserved <= 3000
    _, items = choose(other, "")
    assert sum(map(len, inside(items, PartKind.NOTES))) <= ROOM.notes
    assert inside(items, PartKind.NOTES)[0].endswith("Long.")


NAMES = [f"Name{n}" for n in range(6)]


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "rain. "]), max_size=9))
    ),
    st.lists(st.lists(st.sampled_from([*NAMES, "rain."]), max_size=6), max_size=5),
    st.integers(0, 300),
)
def test_lore_never_has_more_than_its_room_nor_anything_twice(
    entries: list[tuple[str, list[str]]], walks: list[list[str]], room: int
) -> None:
    index = LoreIndex(entry(name, " ".join(text)) for name, text in entries)
    held: tuple[int, ...] = ()
    for words in walks:
        held, items = lore(index, held, " ".join(words), "", room)
        texts = inside(items, PartKind.LORE)
        assert sum(map(len, texts)) <= room
        assert len(set(held)) == len(held)
        assert len(texts) == len([n for n in held if shown(index.entries[n])])
        for text in texts:
            assert len(list(sentences(text))) >= 1
        assert lore(index, held, " ".join(words), "", room)[0] == held, (
            "the same words change nothing"
        )
