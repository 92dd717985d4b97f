"""Asking about the draft: the pane from its opening to its closing, and what is done with an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cowrite.core.presets import Preset, all_presets, find
from cowrite.core.task import TaskKind
from cowrite.core.words import words
from cowrite.tui.draft.feature import Actions, Feature, Host

if TYPE_CHECKING:
    from cowrite.tui.draft.ask_pane import AskPane

_CALM = 0.05
"""Seconds between a change of the answer and the pane's."""
_SYNONYMS = "synonyms"


class Asking(Feature):
    """Owns the pane."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._pane: AskPane | None = None
        self._painting = False

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"ask-question": self.open}

    async def open(self) -> None:
        """Open the pane, with the answer that there is."""
        from cowrite.tui.draft.ask_pane import KEYS, AskPane

        if self._pane is None:
            self._pane = AskPane()
            await self.screen.mount(self._pane, after=self.editor)
        self._pane.display = True
        self._pane.open()
        self.footer.pane = KEYS
        await self._paint()

    def ghosted(self) -> None:
        """The pane follows in a moment."""
        if self._pane is not None and self._pane.display and not self._painting:
            self._painting = True
            self.screen.set_timer(_CALM, self._paint)

    async def _paint(self) -> None:
        self._painting = False
        pane, answer = self._pane, self.session.questions.answer
        if pane is None:
            return
        if answer is None:
            await pane.show("", self._hint(), [])
            return
        about = answer.trouble or ("thinking …" if not answer.text else "")
        if answer.done and not about:
            about = "It rests on" if answer.places else "It rests on no passage that can be named"
        await pane.show(answer.text, about, [place.text for place in answer.places])

    def _hint(self) -> str:
        named = [one.title for one in self._presets() if one.kind is TaskKind.ASK]
        return f"Ask about the draft, or: {', '.join(named).lower()}"

    def _presets(self) -> tuple[Preset, ...]:
        return all_presets(self.window.settings.presets)

    # What the pane tells

    def on_ask_pane_asked(self, message: AskPane.Asked) -> None:
        """Ask the model."""
        question = message.question.strip()
        if not question:
            self.status.flash("ask something")
            return
        preset = find(question, self._presets())
        if preset is not None and preset.kind is not TaskKind.ASK:
            preset = None
        about = self._word() if preset is not None and preset.name == _SYNONYMS else None
        self.session.questions.ask(question, preset, about)

    def _word(self) -> str | None:
        """The selection, else the word at the cursor."""
        low, high = self.session.selected
        document, cursor = self.session.document, self.session.cursor
        if low < high:
            return document.slice(low, min(high, low + 200))
        line = document.line_at(cursor)
        base, text = document.line_start(line), document.line(line)
        for start, end in words(text):
            if base + start <= cursor <= base + end:
                return text[start:end]
        return None

    def on_ask_pane_gone(self, message: AskPane.Gone) -> None:
        """To a passage; the pane stays."""
        if not self.session.questions.go(message.index):
            self.status.flash("that passage is gone")

    async def on_ask_pane_put(self, message: AskPane.Put) -> None:
        """Keep the answer, in the draft or a note of its own."""
        answer = self.session.questions.answer
        if answer is None or not answer.text.strip():
            self.status.flash("there is no answer yet")
            return
        if message.where == "draft":
            if self.session.questions.put_in_draft():
                self._close()
            return
        question, text = answer.question, answer.text.strip()
        self._close()
        self._note(question, text)

    def _note(self, question: str, text: str) -> None:
        """A heading and the answer, at the end of the project's notes, else in a draft of its own; the writer
        saves it.
        """
        story = self.window.stories.story_of(self.session.file.path)
        notes = story.project.notes[:1] if story is not None else ()
        target = next((path for path in notes if not path.is_dir()), None)
        self.window.drafts.open(target)
        opened = self.window.drafts.current
        if opened is None or opened.session.file.path != target:
            return
        session = opened.session
        before = session.document.text
        gap = "\n" if before.endswith("\n") else "\n\n"
        lead = gap if before.strip() else ""
        session.select(len(before), len(before))
        session.paste(f"{lead}{'##' if lead else '#'} {question}\n\n{text}\n")

    def on_ask_pane_closed(self, _message: AskPane.Closed) -> None:
        """Back to the draft; the answer is not waited for."""
        self._close()

    def _close(self) -> None:
        if self._pane is not None:
            self._pane.display = False
        self.session.questions.close()
        self.footer.pane = None
        self.screen.set_focus(self.editor)
