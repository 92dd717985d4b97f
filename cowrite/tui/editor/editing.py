"""What the editor does: the methods behind the table of actions (`tui.actions`)."""

from __future__ import annotations

from collections.abc import Callable

from cowrite.core.document import Document
from cowrite.core.edits import Part
from cowrite.session.draft import DraftSession
from cowrite.tui.commands.motions import MOTIONS
from cowrite.tui.editor import motions
from cowrite.tui.editor.page import Page
from cowrite.tui.parts import PartMessage
from cowrite.tui.terminal.clipboard import fits


class EditingPage(Page):
    """A page with a cursor that moves, and text that changes. Selections are by grapheme."""

    class Copied(PartMessage):
        """So many characters were copied, or cut. offered: whether the terminal was sent them too."""

        def __init__(self, count: int, *, cut: bool, offered: bool) -> None:
            super().__init__()
            self.count, self.cut, self.offered = count, cut, offered

    session: DraftSession
    _goal: int | None = None
    """The cell that moving up and down keeps to."""
    _made: tuple[int, int, bool] | None = None
    """The draft's version and the cursor right behind what a key made besides: signs of a list (true), or
    another sign in the place of the typed one."""

    def moved(self) -> None:
        """The selection is another one."""
        self._goal = None
        super().moved()

    def changed(self, first: int, before: int, after: int) -> None:
        """Lines [first, first + before) became [first, first + after)."""
        self._goal = None
        super().changed(first, before, after)

    # Moving and selecting

    def _go(self, offset: int, *, select: bool) -> None:
        anchor = self.session.buffer.selection[0] if select else offset
        self.session.select(anchor, offset)
        self._follow_cursor()
        self.settle_later()  # also where the cursor stays: the view may be elsewhere

    def _by(self, motion: Callable[[Document, int], int], *, select: bool) -> None:
        self._go(motion(self.session.document, self.session.cursor), select=select)

    def _vertically(self, rows: int, *, select: bool) -> None:
        layout = self.layout_rows
        place = layout.place(self.session.cursor)
        goal = place.cell if self._goal is None else self._goal
        paragraph, row = layout.step(place.paragraph, place.row, rows)
        if (paragraph, row) == (place.paragraph, place.row):
            edge = len(self.session.document) if rows > 0 else 0
            self._go(edge, select=select)
        else:
            self._go(layout.offset(paragraph, row, goal), select=select)
        self._goal = goal

    def move(self, name: str, *, select: bool = False) -> None:
        """Carry out a motion of `motions.MOTIONS`."""
        if not select and name in ("left", "right") and self._collapse(name):
            return
        page = max(1, self.size.height - 2)
        rows = {"up": -1, "down": 1, "page-up": -page, "page-down": page}.get(name)
        if rows is not None:
            cell = self.cursor_cell() if abs(rows) > 1 else None
            self._vertically(rows, select=select)
            if cell is not None and not self.look.typewriter:
                self.put_cursor_at(cell.y - self.content_region.y)
            return
        match name:
            case "row-start" | "row-end":
                self._go(self._row_edge(end=name == "row-end"), select=select)
            case "draft-start":
                self._go(0, select=select)
            case "draft-end":
                self._go(len(self.session.document), select=select)
            case _:
                self._by(getattr(motions, name.replace("-", "_")), select=select)

    def _collapse(self, name: str) -> bool:
        """With a selection, an arrow goes to its end; false where there is none."""
        low, high = self.session.selected
        if low == high:
            return False
        self._go(low if name == "left" else high, select=False)
        return True

    def _row_edge(self, *, end: bool) -> int:
        place = self.layout_rows.place(self.session.cursor)
        cell = 1_000_000 if end else 0
        return self.layout_rows.offset(place.paragraph, place.row, cell)

    def action_select_all(self) -> None:
        """Select the whole draft, without scrolling."""
        self.session.select(0, len(self.session.document))
        self._stay()

    def action_select_paragraph(self) -> None:
        """Select the paragraph that the cursor is in."""
        self.select_paragraph(self.session.cursor)

    def select_paragraph(self, offset: int) -> None:
        """Select the paragraph at an offset."""
        document = self.session.document
        first, last = motions.paragraph_around(document, document.line_at(offset))
        self.session.select(document.line_start(first), document.line_end(last))

    # Writing

    def write(self, text: str) -> None:
        """Type one character (or what an input method made of a key), typographically if so chosen."""
        if self.look.smart and len(text) == 1:
            self._write_smart(text)
        else:
            self.session.type(text)

    def _write_smart(self, sign: str) -> None:
        """Type a sign, and exchange it then by what is around it: one undo gives the typed one back."""
        session = self.session
        document = session.document
        start, end = session.selected
        from cowrite.tui.editor.exchanging import exchange_for  # the first paint needs none of it

        found = exchange_for(document, self.page_layers.reading, start, end, sign, self.look)
        if found is None or session.ghost.startswith(sign):
            session.type(sign)
        elif found.size == 1 and session.ghost.startswith(found.text):
            session.type(found.text)
        else:
            version = document.version
            session.type(sign)
            if document.version != version:  # not in a draft that can't be changed
                session.exchange(start + 1 - found.size, start + 1, found.text)
                signs = sign in "\"'-."
                self._made = (document.version, session.cursor, False) if signs else None

    def action_new_line(self) -> None:
        """Begin a new line, which goes on with the list or quotation that the cursor is in."""
        if self.session.ghost.startswith("\n") or not self.by_list("new_line"):
            self.session.type("\n")

    def by_list(self, verb: str) -> bool:
        """Do what a key does in a list (`in_lists`); false where the cursor is in none."""
        if not self.look.lists:
            return False
        from cowrite.tui.editor import in_lists  # the first paint needs none of it

        made = in_lists.carry_out(verb, self.session, self.page_layers.reading, self.look)
        if made and verb == "new_line":
            self._made = (self.session.document.version, self.session.cursor, True)
        return made

    def action_insert_tab(self) -> None:
        """Indent items of a list; elsewhere insert a tab, or spaces to the next tab stop."""
        if self.by_list("indent"):
            return
        if not self.look.spaces:
            self.session.type("\t")
            return
        cell = self.layout_rows.place(self.session.selected[0]).cell
        self.session.type(" " * (self.look.tab - cell % self.look.tab))

    def _delete(self, motion: Callable[[Document, int], int]) -> None:
        low, high = self.session.selected
        if low == high:
            other = motion(self.session.document, high)
            low, high = min(low, other), max(high, other)
        self.session.delete(low, high)

    def action_delete_left(self) -> None:
        """Delete the selection or the grapheme before; right behind what a key made, take that back."""
        session, document = self.session, self.session.document
        made, self._made = self._made, None
        low, high = session.selected
        if low != high or made is None or made[:2] != (document.version, high):
            self._delete(motions.left)
        elif made[2]:
            session.delete(document.line_start(document.line_at(high)), high)
        else:
            session.undo()

    def action_delete_right(self) -> None:
        """Delete the selection, or the grapheme at the cursor."""
        self._delete(motions.right)

    def action_delete_word_left(self) -> None:
        """Delete to the word's start."""
        self._delete(motions.word_left)

    def action_delete_word_right(self) -> None:
        """Delete to the word's end."""
        self._delete(motions.word_right)

    def action_delete_row_left(self) -> None:
        """Delete to the row's start; from there, the character before."""
        self._delete(
            lambda document, at: min(self._row_edge(end=False), motions.left(document, at))
        )

    def action_delete_row_right(self) -> None:
        """Delete to the row's end; from a paragraph's end, its line break."""
        self._delete(self._row_right)

    def _row_right(self, document: Document, offset: int) -> int:
        layout = self.layout_rows
        place = layout.place(offset)
        _, _, end = layout.row_span(place.paragraph, place.row)
        to = document.offset(place.paragraph, layout.column(place.paragraph, end))
        return to if to > offset else motions.right(document, offset)

    def action_delete_paragraph(self) -> None:
        """Delete the lines that the selection touches, line breaks and all."""
        document = self.session.document
        low, high = self.session.selected
        first, last = document.line_at(low), document.line_at(high)
        start = document.line_start(first)
        if last + 1 < document.line_count:
            self.session.delete(start, document.line_start(last + 1))
        else:
            self.session.delete(document.line_end(first - 1) if first else 0, len(document))

    # Clipboard, undo

    def action_copy(self) -> None:
        """Copy the selection."""
        self._to_clipboard(self.session.buffer.copy(), cut=False)

    def action_cut(self) -> None:
        """Cut the selection."""
        self._to_clipboard(self.session.cut(), cut=True)

    def _to_clipboard(self, text: str, *, cut: bool) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.post_message(self.Copied(len(text), cut=cut, offered=fits(text)))

    def action_paste(self) -> None:
        """Paste what was copied here."""
        if self.app.clipboard:
            self.session.paste(self.app.clipboard)

    def action_undo(self) -> None:
        """Take the last change back."""
        if not self.session.undo():
            self._nothing("Nothing to undo")

    def action_redo(self) -> None:
        """Do the undone change again."""
        if not self.session.redo():
            self._nothing("Nothing to redo")

    def _nothing(self, said: str) -> None:
        """Say it, with the cursor in view, as after any edit."""
        self._follow_cursor()
        self.settle_later()
        self.session.listener.notice(said)

    # Ghost

    def action_ask(self) -> None:
        """Ask for a suggestion at the cursor."""
        self.session.requests.ask()

    def action_accept(self) -> None:
        """Take the whole ghost."""
        self.session.accepting.accept(Part.ALL)

    def action_accept_word(self) -> None:
        """Take its next word."""
        self.session.accepting.accept(Part.WORD)

    def action_accept_sentence(self) -> None:
        """Take its next sentence."""
        self.session.accepting.accept(Part.SENTENCE)

    def action_accept_paragraph(self) -> None:
        """Take its next paragraph."""
        self.session.accepting.accept(Part.PARAGRAPH)

    def action_next_candidate(self) -> None:
        """Show the next candidate."""
        self.session.suggestions.cycle(1)

    def action_previous_candidate(self) -> None:
        """Show the candidate before."""
        self.session.suggestions.cycle(-1)

    def action_reject(self) -> None:
        """Refuse the ghost."""
        self.session.suggestions.reject()


def _add_motions() -> None:
    """Give the page a method for each motion of the table, to move and to select."""
    for name, *_ in MOTIONS:
        for verb, select in (("move", False), ("select", True)):

            def action(self: EditingPage, name: str = name, select: bool = select) -> None:
                self.move(name, select=select)

            setattr(EditingPage, f"action_{verb}_{name.replace('-', '_')}", action)


_add_motions()
