"""Find and replace across chapters: what is found, what is left out, what is written, and all of it back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pilots import until
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from cowrite.errors import UsageError
from cowrite.logbook.snapshots import snapshots, there
from cowrite.memory.making import make_project
from cowrite.tui.app import CowriteApp
from cowrite.tui.draft import finding_across
from cowrite.tui.draft.finding import Query
from cowrite.tui.draft.finding_across import Found, Texts, edits_of, find_across
from cowrite.tui.screens import across
from cowrite.tui.screens.across import AcrossScreen
from cowrite.tui.widgets.hit_list import HitList
from cowrite.tui.window import type_ahead

Make = Callable[..., CowriteApp]
SIZE = (100, 30)


def found(query: Query, paths: list[Path], drafts: dict[Path, str] | None = None) -> list[Found]:
    return list(find_across(query, paths, drafts or {}, Texts(), lambda: False))


@pytest.fixture
def texts(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.md" for number in range(4)]
    for path, text in zip(paths, ("It was it.\n", "Nothing.\n", "IT\r\n", ""), strict=True):
        path.write_bytes(text.encode())
    return paths


def test_chapters_with_matches_are_found_in_order(texts: list[Path], tmp_path: Path) -> None:
    (tmp_path / "no.md").write_bytes(b"\xff\xfe\x00it")
    paths = [*texts, tmp_path / "no.md", tmp_path / "gone.md"]
    got = found(Query("it"), paths, {paths[1]: "it is open"})
    assert [(one.path.name, one.places) for one in got if not one.trouble] == [
        ("0.md", ((0, 2), (7, 9))),
        ("1.md", ((0, 2),)),
        ("2.md", ((0, 2),)),
    ]
    assert [one.path.name for one in got if one.trouble] == ["no.md", "gone.md"]
    assert found(Query("it", case=True), texts[:1])[0].places == ((7, 9),)
    assert found(Query("never"), texts) == []
    assert found(Query("x*", regex=True), texts) == []
    assert found(Query(""), texts) == []


def test_a_file_that_changes_is_read_again_and_others_are_not(texts: list[Path]) -> None:
    reader = Texts()
    assert reader.of(texts[0], {}) == "It was it.\n"
    texts[0].write_text("Something else.")
    assert reader.of(texts[0], {}) == "Something else."


def test_an_expression_that_never_ends_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a" * 40 + "b")
    began = time.monotonic()
    with pytest.raises(UsageError, match="too long"):
        found(Query("(a|a)+c", regex=True), [tmp_path / "a.md"] * 500)
    assert time.monotonic() - began < 60
    with pytest.raises(UsageError, match="no regular expression"):
        found(Query("(", regex=True), [tmp_path / "a.md"])


def test_so_many_are_enough_and_a_search_that_is_over_ends(
    texts: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_across, "MOST_FOUND", 3)
    assert [len(one.places) for one in found(Query("i"), texts)] == [2, 1]
    assert list(find_across(Query("i"), texts, {}, Texts(), lambda: True)) == []


def test_edits_that_change_nothing_are_left_out() -> None:
    one = Found(Path("a.md"), "cat Cat\r\n", ((0, 3), (4, 7)))
    assert edits_of(Query("cat"), one, list(one.places), "Cat") == [(0, 3, "Cat")]
    line = Query(r"(\w+)\n", regex=True)
    there = Found(Path("a.md"), "a cat\r\n", ((2, 7),))
    assert edits_of(line, there, [(2, 7)], r"\1\n\1\n") == [(2, 7, "cat\r\ncat\r\n")]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "book"
    make_project(folder, "The Mill")
    chapters = folder / "chapters"
    (chapters / "01.md").write_bytes(b"Marta came. Marta sat.\n")
    (chapters / "02.md").write_bytes(b"\xef\xbb\xbfThen Marta left.\r\nNo end")
    (chapters / "03.md").write_bytes(b"Marta slept.\n")
    (chapters / "04.md").write_bytes(b"Marta reads.\n")
    (chapters / "05.md").write_bytes(b"Nobody.\n")
    (chapters / "03.md").chmod(0o400)
    return chapters


def said(app: CowriteApp) -> str:
    return str(app.screen.query_one(".summary", Static).content)


def told(app: CowriteApp) -> str:
    return str(app.screen.query_one(".told", Static).content)


async def search(app: CowriteApp, pilot: Pilot[None], term: str, instead: str) -> AcrossScreen:
    await pilot.press("alt+apostrophe")
    await until(pilot, lambda: isinstance(app.screen, AcrossScreen))
    await pilot.press(*term, "tab", *instead, "tab")
    screen = app.screen
    assert isinstance(screen, AcrossScreen)
    await until(pilot, lambda: " in " in said(app) and "so far" not in said(app))
    return screen


async def test_all_is_seen_replaced_and_taken_back(make_app: Make, book: Path) -> None:
    app = make_app(book / "01.md")
    before = {path: path.read_bytes() for path in book.iterdir()}
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        session = app.draft.session
        screen = await search(app, pilot, "marta", "Ida")
        hits = screen.query_one(HitList)
        assert said(app) == "5 in 4 of 5 chapters"
        assert hits.has_focus
        rows = ["".join(s.text for s in hits.render_line(y)) for y in range(9)]
        assert "Marta→Ida came." in rows[1]
        await pilot.press("down", "space")
        assert said(app) == "5 in 4 of 5 chapters, 1 left out"
        assert hits.wanted == 4
        (book / "04.md").write_bytes(b"Marta reads, says another program.\n")
        await pilot.press("alt+a")
        await until(pilot, lambda: told(app).startswith("Replaced"))
        assert told(app).startswith("Replaced 2 in 2 chapters.")
        assert "03.md can't be" in told(app)
        assert "04.md was changed since it was searched." in told(app)
        assert session.document.text == "Marta came. Ida sat.\n"
        assert session.buffer.dirty
        assert (book / "01.md").read_bytes() == before[book / "01.md"]
        assert (book / "02.md").read_bytes() == before[book / "02.md"].replace(b"Marta", b"Ida")
        for name in ("03.md", "05.md"):
            assert (book / name).read_bytes() == before[book / name]

        assert app.store is not None
        (kept,) = snapshots(app.store.reader)
        assert kept.name == "before “marta” became “Ida”"
        assert kept.automatic
        assert there(app.store.reader, kept, book / "01.md").text == "Marta came. Marta sat.\n"
        assert "Then Marta" in there(app.store.reader, kept, book / "02.md").text

        await pilot.press("alt+u")
        await until(pilot, lambda: told(app).startswith("Taken back in 2 chapters."))
        assert session.document.text == "Marta came. Marta sat.\n"
        assert (book / "02.md").read_bytes() == before[book / "02.md"]


async def test_going_to_a_match_opens_its_draft(make_app: Make, book: Path) -> None:
    app = make_app(book / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        await search(app, pilot, "left", "")
        await pilot.press("down", "enter")
        await until(
            pilot,
            lambda: app.draft is not None and app.draft.session.file.path == book / "02.md",
        )
        assert app.draft is not None
        draft = app.draft.session
        assert draft.document.text[draft.cursor :].startswith("left.")


async def test_what_was_changed_since_is_not_taken_back(make_app: Make, book: Path) -> None:
    app = make_app(book / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        assert app.draft is not None
        await search(app, pilot, "marta", "Ida")
        await pilot.press("alt+a")
        await until(pilot, lambda: told(app).startswith("Replaced"))
        (book / "02.md").write_text("Theirs.")
        await pilot.press("alt+u")
        await until(pilot, lambda: told(app).startswith("Taken back in 2 chapters."))
        assert "02.md was changed since, and stays as it is." in told(app)
        assert (book / "02.md").read_text() == "Theirs."


async def test_leaving_the_program_in_the_middle_of_a_search_is_quiet(
    make_app: Make, book: Path
) -> None:
    app = make_app(book / "01.md")
    async with app.run_test(size=SIZE) as pilot:
        screen = await search(app, pilot, "marta", "Ida")
        await screen.query_one(".box").remove()
        screen.add([Found(book / "01.md", "Marta", ((0, 5),))])
        screen.ended()
        screen.say("Replaced.")


async def test_a_slow_expression_leaves_the_window_alone(make_app: Make, book: Path) -> None:
    app = make_app(book / "01.md")
    (book / "05.md").write_text("a" * 40 + "b")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("alt+apostrophe")
        await until(pilot, lambda: isinstance(app.screen, AcrossScreen))
        await pilot.press("alt+x", *"(a|a)+c")
        await until(pilot, lambda: "too long" in said(app))
        await pilot.press("alt+a", "escape")
        await until(pilot, lambda: not isinstance(app.screen, AcrossScreen))


async def test_another_term_is_seen_before_it_is_replaced(
    make_app: Make, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(book / "05.md")
    async with app.run_test(size=SIZE) as pilot:
        await search(app, pilot, "Marta", "Ada")
        monkeypatch.setattr(across, "_REST", 3600.0)  # as if the next key came at once
        await pilot.press("tab", *"Nobody")
        await pilot.press("alt+a")
        await until(pilot, lambda: said(app).startswith("1 in 1 of"))
        assert app.draft is not None
        assert app.draft.session.document.text == "Nobody.\n"
        await pilot.press("alt+a")
        draft = app.draft
        await until(pilot, lambda: draft.session.document.text == "Ada.\n")
        assert (book / "01.md").read_bytes() == b"Marta came. Marta sat.\n"


async def test_keys_behind_enter_wait_for_what_is_found(
    make_app: Make, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "_PATIENCE", 60.0)
    monkeypatch.setattr(across, "_REST", 3600.0)
    found, goes_on = finding_across.find_across, threading.Event()

    def slow(query: Query, *more: Any) -> Iterator[Found]:
        if query.text:
            goes_on.wait(60)
        return found(query, *more)

    monkeypatch.setattr(finding_across, "find_across", slow)
    app = make_app(book / "05.md")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.draft is not None and app.focused is app.draft.editor)
        for key in ("alt+apostrophe", *"Nobody", "tab", *"Ada", "enter", "alt+a"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: isinstance(app.screen, AcrossScreen))
        await until(pilot, lambda: said(app) == "0 so far …")
        await pilot.pause()
        goes_on.set()
        draft = app.draft
        assert draft is not None
        await until(pilot, lambda: draft.session.document.text == "Ada.\n")
