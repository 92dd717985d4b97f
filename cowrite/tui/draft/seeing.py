"""What the model sees at the cursor, and what weighed of it for the suggestion on screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cowrite.core.context import Context
from cowrite.core.shown import Stretch
from cowrite.core.task import Task, task_params
from cowrite.engine.protocol import HostMessage
from cowrite.engine.weigh import Weighed
from cowrite.session.instructions import TRIES
from cowrite.session.shown_rows import (
    WeighedRow,
    draft_behind,
    levels,
    said_rows,
    shown_rows,
    weighed_rows,
)
from cowrite.session.tasks import naming_words
from cowrite.session.weighing import Question, Weighing
from cowrite.tui.draft.feature import Actions, Feature, Host
from cowrite.tui.editor import motions

if TYPE_CHECKING:
    from cowrite.tui.screens.model_sees import ModelSees


class Seeing(Feature):
    """Owns the screen, the question that the model is asked for it, and the shading of the draft."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._weighing = Weighing(host.session.engine)
        self._screen: ModelSees | None = None
        self._shaded = False
        self._waits = False
        """Whether the suggestion is to be weighed as soon as it is written."""
        self._of_instruction = False
        """Whether the screen shows what an instruction is told."""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"model-sees": self.show, "weigh": self.weigh}

    def engine_said(self, message: HostMessage) -> None:
        """The answer to one's own question."""
        self._weighing.receive(message)

    def changed(self, *_lines: int) -> None:
        """What was shaded is another text."""
        self._clear()

    def ghosted(self) -> None:
        """What was weighed was another suggestion, where it is not the same still."""
        suggestion = self.session.suggestion
        if suggestion is None:
            self._clear()
            self._waits = False
        elif self._waits and suggestion.done:
            self._waits = False
            self.weigh()

    # What the model sees

    def show(self) -> None:
        """All that the model is shown here, part by part."""
        if not self._can_ask():
            return
        from cowrite.tui.screens.model_sees import ModelSees

        requests = self.session.requests
        if self.session.suggestion is None:
            requests.look_for_names()
        self._screen = ModelSees(self._weigh_for_screen, self._turn)
        self.window.push_screen(self._screen, self._closed)
        self._of_instruction = self.session.instructions.task is None
        self._turn()

    def _turn(self) -> None:
        """From what a suggestion is told to what an instruction is, and back."""
        if self._screen is None:
            return
        self._of_instruction = not self._of_instruction
        requests = self.session.requests
        params = requests.options.params
        if not self._of_instruction:
            question = Question(requests.shown(), params)
            self._weighing.ask(question, self._seen, self._screen.failed)
            return
        task = self.session.instructions.task or self._task_here()
        question = Question(Context((), "", ""), task_params(task, n=TRIES), task=task)
        self._weighing.ask(question, partial(self._said, task), self._screen.failed)

    def _task_here(self) -> Task:
        """What is told of the paragraph at the cursor before there is an instruction."""
        document, (low, high) = self.session.document, self.session.selected
        line = document.line_at(low)
        if low == high and document.line(line).strip():
            first, last = motions.paragraph_around(document, line)
            low, high = document.line_start(first), document.line_end(last)
        return self.session.instructions.tasks.here(low, high)

    def _said(self, task: Task, answer: Weighed, _found: list[Stretch]) -> None:
        if self._screen is not None:
            requests = self.session.requests
            words, asked = naming_words(task), task.instruction
            items = requests.memory.items_for(words, requests.window, asked)
            rest = "and then what is asked for" if not asked else "for the rewrite in the draft"
            said = f"{answer.prompt_tokens} tokens, {rest}"
            self._screen.show(said_rows(answer.said, items), said)

    def _closed(self, _answer: str | None) -> None:
        self._screen = None
        self._weighing.forget()

    def _seen(self, answer: Weighed, found: list[Stretch]) -> None:
        if self._screen is not None:
            raw = draft_behind(self.session.document, answer.context)
            items = self.session.requests.memory.items
            rows = shown_rows(answer.context, found, answer.tokens, items, raw)
            said = f"{answer.prompt_tokens} tokens before the cursor"
            self._screen.show(rows, said, answer.context.after)

    # What weighed

    def weigh(self) -> None:
        """Shade the sentences that counted for the suggestion on screen; once more takes the shading away."""
        if self._shaded:
            self._clear()
            return
        suggestion = self.session.suggestion
        if suggestion is not None and not suggestion.done:
            self._waits = not self._waits
            self.status.flash("weighed when it is written" if self._waits else "not weighed")
            return
        question = self._question(attention=False)
        if question is not None:
            self.status.flash("weighing …")
            self._weighing.ask(question, self._weighed, self._failed)

    def _question(self, *, attention: bool) -> Question | None:
        """The suggestion on screen, or the word of it that is looked at; None, and said, where there is
        none.
        """
        suggestion = self.session.suggestion
        candidate = suggestion.finished.get(suggestion.index) if suggestion is not None else None
        if candidate is None or not candidate.text.strip():
            key = self.window.keymap.label("ask")
            self.window.tell("There is no suggestion to weigh.", f"{key} asks for one.")
            return None
        focus, token = None, self.editor.page_layers.token
        if token is not None and token < len(candidate.tokens):
            start = sum(len(one.text) for one in candidate.tokens[:token])
            focus = (start, start + len(candidate.tokens[token].text))
        requests = self.session.requests
        params, context = requests.options.params, requests.shown()
        return Question(context, params, candidate.text, focus, attention)

    def _can_ask(self) -> bool:
        status = self.session.engine.status
        if not status.can_ask:
            reason = status.reason or "the model is still being made ready"
            self.window.tell(f"There is no model to ask: {reason}", "", "warning")
        return status.can_ask

    def _failed(self, why: str) -> None:
        self.status.clear()
        self.window.tell(why, "", "warning")

    def _rows(self, answer: Weighed, found: list[Stretch]) -> list[WeighedRow]:
        if not found or len(answer.losses) != len(found):
            self._failed("There is too little text before the suggestion to weigh any of it.")
            return []
        return weighed_rows(answer, found, draft_behind(self.session.document, answer.context))

    def _weighed(self, answer: Weighed, found: list[Stretch]) -> None:
        self.status.clear()
        rows = self._rows(answer, found)
        shades = levels([row.lost for row in rows])
        layers = [
            (row.start, row.end, f"weigh-{shade}")
            for row, shade in zip(rows, shades, strict=True)
            if shade and row.start is not None and row.end is not None
        ]
        others = sum(
            1 for row, shade in zip(rows, shades, strict=True) if shade and row.start is None
        )
        self._shaded = True
        self.editor.set_weighed(layers, version=self.session.document.version)
        if rows:
            key = self.window.keymap.label("model-sees")
            hint = f"{key} shows {others} more, in notes and the like." if others else ""
            self.window.tell(_said(len(layers)), hint)

    def _weigh_for_screen(self) -> None:
        """The screen wants shades."""
        question = self._question(attention=True)
        if question is not None and self._screen is not None:
            self._weighing.ask(question, self._weighed_for_screen, self._screen.failed)

    def _weighed_for_screen(self, answer: Weighed, found: list[Stretch]) -> None:
        if self._screen is not None:
            self._screen.shade(self._rows(answer, found), answer.reason)

    def _clear(self) -> None:
        if self._shaded:
            self._shaded = False
            self.editor.set_weighed([], version=-1)


def _said(count: int) -> str:
    if count == 0:
        return "No sentence of the draft counted for much."
    what = "sentence of the draft" if count == 1 else "sentences of the draft"
    return f"Shaded: {count} {what} without which the suggestion is less likely."
