"""What must hold after each act of a random writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plain_draft import Plain
from random_acts import Act
from textual.errors import NoWidget

from cowrite.core.hunks import Hunk
from cowrite.core.printable import printable
from cowrite.session.draft import DraftSession
from cowrite.tui.app import CowriteApp
from cowrite.tui.commands.action import Action, Group, When
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.editor.insertions import Insertions
from cowrite.tui.terminal.keyreports import is_text

_NO_EDIT = {Group.MOVE, Group.SELECT, Group.VIEW}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the draft's text may be after an act, in words and as a test of it."""

    said: str
    holds: Callable[[str, Plain], bool]

    def check(self, session: DraftSession, plain: Plain) -> None:
        text = session.document.text
        assert self.holds(text, plain), f"{self.said}; it is {text[:300]!r}"


ANYTHING = Expectation("anything", lambda text, plain: True)


def exactly(wanted: str, said: str) -> Expectation:
    return Expectation(f"{said}: {wanted[:300]!r}", lambda text, plain: text == wanted)


def one_of(wanted: list[str], said: str) -> Expectation:
    return Expectation(f"{said}: one of {wanted!r:.600}", lambda text, plain: text in wanted)


def expect(app: CowriteApp, act: Act, text: str) -> Expectation:
    """What an act may do to the draft on the screen, whose text is `text` now."""
    draft = app.draft
    if draft is None or app.screen is not draft:
        return ANYTHING
    session = draft.session
    same = exactly(text, "the text stays")
    if act[0] in ("engine", "tick", "resize", "disk") and act[1] != "type":
        return same
    if act[0] == "mouse":
        return same if _on_editor(app, draft, act) else ANYTHING
    if draft.focused is not draft.editor:
        return ANYTHING
    if session.buffer.read_only is not None:
        return same if act[0] in ("key", "paste") else ANYTHING
    low, high = session.selected
    if act[0] == "paste":
        pasted = _lines(str(act[1]), text)
        return exactly(text[:low] + pasted + text[high:], "a paste") if act[1] else same
    if act[0] == "key":
        return _key(draft, str(act[1]), act[2], text)
    return ANYTHING


def _on_editor(app: CowriteApp, draft: DraftScreen, act: Act) -> bool:
    """Whether the mouse is over the draft: the footer and the candidates take suggestions too."""
    x, y = float(str(act[2])), float(str(act[3]))
    place = int(x * app.size.width), int(y * app.size.height)
    try:
        return app.screen.get_widget_at(*place)[0] is draft.editor
    except NoWidget:
        return False


def _key(draft: DraftScreen, key: str, character: object, text: str) -> Expectation:
    session, editor = draft.session, draft.editor
    low, high = session.selected
    action = editor.find_action(key)
    if action is None:
        taken = key.isdigit() and draft.candidates.can_take(int(key) - 1)
        if not isinstance(character, str) or taken or editor.look.smart:
            return ANYTHING
        if is_text(character):
            return exactly(text[:low] + character + text[high:], "a letter")
        return exactly(text, "the text stays")
    if draft.candidates.can_take(int(key) - 1) if key.isdigit() else False:
        return ANYTHING
    return _action(session, action, text)


def _action(session: DraftSession, action: Action, text: str) -> Expectation:
    low, high = session.selected
    same = exactly(text, f"{action.id} leaves the text")
    if action.group in _NO_EDIT:
        return same
    if action.group is Group.SUGGEST:
        return _suggestion(session, action, text)
    if action.group is Group.INSTRUCT:
        return _instruction(session, action, text)
    without = text[:low] + text[high:]
    match action.id:
        case "new-line":
            return exactly(text[:low] + _lines("\n", text) + text[high:], "a new line")
        case "insert-tab":
            return Expectation(
                "a tab",
                lambda now, plain: (
                    now.startswith(text[:low])
                    and now.endswith(text[high:])
                    and not now[low : len(now) - len(text[high:])].strip()
                ),
            )
        case (
            "copy" | "save" | "help" | "find" | "palette" | "quit" | "outline" | "replace" | "open"
        ):
            return same
        case "cut":
            return exactly(without, "a cut")
        case "paste":
            return Expectation(
                "a paste",
                lambda now, plain: now.startswith(text[:low]) and now.endswith(text[high:]),
            )
        case "undo" | "redo":
            return Expectation(
                f"{action.id} makes no text that never was",
                lambda now, plain: hash(now) in plain.texts,
            )
        case "delete-paragraph":
            return Expectation("some lines less", lambda now, plain: len(now) <= len(text))
        case _ if action.id.startswith("delete-"):
            if low != high:
                return exactly(without, "the selection is deleted")
            return Expectation("what was deleted was beside the cursor", _beside(text, low))
    return ANYTHING


def _beside(text: str, cursor: int) -> Callable[[str, Plain], bool]:
    def holds(now: str, plain: Plain) -> bool:
        gone = len(text) - len(now)
        before = now == text[: max(0, cursor - gone)] + text[cursor:]
        behind = now == text[:cursor] + text[cursor + gone :]
        return before or behind

    return holds


def _suggestion(session: DraftSession, action: Action, text: str) -> Expectation:
    same = exactly(text, f"{action.id} leaves the text")
    suggestion = session.suggestion
    if action.when is not When.GHOST or not action.id.startswith("accept") or suggestion is None:
        return same
    ghost = session.ghost
    place = suggestion.position
    if not ghost:
        return same
    if action.id == "accept":
        return exactly(text[:place] + _lines(ghost, text) + text[place:], "the ghost is taken")
    parts = [
        text[:place] + _lines(ghost[:n], text) + text[place:] for n in range(1, len(ghost) + 1)
    ]
    return one_of(parts, "a part of the ghost is taken")


def _instruction(session: DraftSession, action: Action, text: str) -> Expectation:
    same = exactly(text, f"{action.id} leaves the text")
    rewrite = session.rewrite
    if rewrite is None or action.id not in ("take-hunk", "take-all-hunks"):
        return same
    hunks = [hunk for hunk in rewrite.hunks if hunk.settled]
    if action.id == "take-hunk":
        return one_of(
            [text, *(_with(text, rewrite.start, [hunk]) for hunk in hunks)], "a hunk is taken"
        )
    return exactly(_with(text, rewrite.start, hunks), "all hunks are taken")


def _with(text: str, start: int, hunks: list[Hunk]) -> str:
    """The text with these hunks taken."""
    for hunk in reversed(hunks):
        low = start + hunk.at
        text = text[:low] + hunk.new + text[low + len(hunk.gone) :]
    return text


def _lines(pasted: str, text: str) -> str:
    """A text with the draft's line endings."""
    plain = pasted.replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0] if "\n" in text else ""
    return plain.replace("\n", "\r\n") if first.endswith("\r") else plain


# The draft


def check_draft(session: DraftSession, plain: Plain) -> None:
    """The session's text, lines and authors are those of the plain draft."""
    document = session.document
    text = document.text
    assert text == plain.text, f"journal: {plain.text[:200]!r}, window: {text[:200]!r}"
    assert len(document) == len(text), "the document knows its length"
    assert tuple(session.provenance) == plain.runs, "the journal's authors are the window's"
    assert all(0 <= place <= len(text) for place in session.buffer.selection), (
        "the selection is in the text"
    )
    rewrite = session.rewrite
    if rewrite is not None:
        assert text[rewrite.start : rewrite.end] == rewrite.passage, "a rewrite is about the draft"
        assert not rewrite.broken, "a rewrite that was written into is gone"
    suggestion = session.suggestion
    if suggestion is not None:
        place = suggestion.position
        assert session.cursor == place, "a ghost is where the cursor is"
        taken = _lines(suggestion.taken, text)
        assert text[:place].endswith(taken), "what was taken of a ghost stands before it"


def check_cursor(draft: DraftScreen, act: Act, before: tuple[int, int]) -> None:
    """A motion or a click ends between graphemes, and a key of the editor's keeps the cursor in view.

    before: where the cursor was, and in which version of the draft.
    """
    from wcwidth import iter_graphemes

    session, editor = draft.session, draft.editor
    if act[0] not in ("key", "mouse") or draft.focused is not editor:
        return
    action = editor.find_action(str(act[1])) if act[0] == "key" else None
    moves = act[0] == "mouse" or (action is not None and action.group in (Group.MOVE, Group.SELECT))
    now = (session.cursor, session.document.version)
    if moves and now[0] != before[0] and now[1] == before[1]:
        line, column = session.document.locate(session.cursor)
        text = session.document.line(line)
        ends = {0}
        for grapheme in iter_graphemes(text):
            ends.add(max(ends) + len(grapheme))
        assert column in ends, f"the cursor is at {column} in {text!r:.200}"
        assert session.cursor == session.document.offset(line, column), (
            "no cursor inside of a line's end"
        )
    if action is not None and action.group in (Group.MOVE, Group.EDIT) and editor.size.height >= 3:
        assert editor.cursor_cell() is not None, (
            f"the cursor is in view: it is at {editor.cursor_place()}, on the screen is {editor._places}"
        )


# The screen


def _ink(text: str) -> str:
    return "".join(character for character in text if not character.isspace())


def check_rows(draft: DraftScreen) -> None:
    """What the rows of the screen say is what the draft (with the ghost) says there, and no control code."""
    editor = draft.editor
    if not editor.size or not editor.is_mounted or not editor.display or draft.has_class("-small"):
        return
    session = draft.session
    document = session.document
    assert editor.layout_rows.count == document.line_count, "the layout has the draft's paragraphs"
    left, width = editor.text_left, editor.layout_rows.width
    shown: dict[int, list[str]] = {}
    for y, place in enumerate(editor._places):
        if place is None or y >= editor.size.height:
            continue
        row = editor.render_line(y).text
        assert printable(row) == row, f"a control code on row {y}: {row!r}"
        shown.setdefault(place[0], []).append(row[left:])
    suggestion = session.suggestion
    for paragraph, rows in shown.items():
        wanted, marker = document.line(paragraph), False
        if session.rewrite is not None:
            fresh = editor.page_layers.diff.fresh.get(paragraph, ())
            wanted, marker = Insertions(fresh).shown(wanted), True
        if suggestion is not None and session.ghost:
            line, _ = document.locate(suggestion.position)
            if line == paragraph:
                inserted = editor.layout_rows.inserted(paragraph)
                assert inserted is not None, "the layout knows of the ghost"
                wanted = inserted.shown(document.line(paragraph))
                marker = True
        if width >= 2:
            _compare(printable(wanted, keep="\n\t"), rows, marker=marker)


def _compare(wanted: str, rows: list[str], *, marker: bool) -> None:
    """The rows' ink stands in this order in `wanted`, with nothing left out between two rows."""
    ink = _ink("".join(rows))
    whole = _ink(wanted)
    if marker:  # `2/3` stands behind the ghost
        for total in range(9, 1, -1):
            for index in range(total, 0, -1):
                if f" {index}/{total}" in "".join(row.rstrip() + "\n" for row in rows):
                    ink_without = _ink("".join(rows).replace(f" {index}/{total}", "", 1))
                    if ink_without in whole:
                        return
    assert ink in whole, f"on the screen: {ink!r:.300}\nin the draft: {whole!r:.300}"


def check_screen(app: CowriteApp) -> None:
    """No screen, dialog, toast or line shows a control code."""
    for strip in app.screen._compositor.render_strips():
        text = strip.text
        assert printable(text) == text, f"a control code on the screen: {text!r}"
