"""How the draft is looked at: focus, typewriter, origins, full screen, counts, help, settings."""

from __future__ import annotations

from cowrite.core.provenance import Author
from cowrite.core.segmentation import word_count
from cowrite.core.wording import counted
from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import DraftBase
from cowrite.tui.tally import Tally, reading_minutes
from cowrite.tui.widgets.status import Pieces

_LEGEND = (
    (" yours ", ""),
    (" model's ", "origin-model"),
    (" changed ", "origin-edited"),
    (" pasted ", "origin-paste"),
)
"""The classes of origins, and their layers; what is the writer's own looks as ever."""
_FOCUS = {"off": "paragraph", "paragraph": "sentence", "sentence": "off"}


class ViewActions(DraftBase):
    """What changes the screen and not the draft."""

    tally: Tally

    def _switch(self, key: str, value: object, said: str | Pieces) -> None:
        """Change a setting for this window, and say so."""
        try:
            self.house.change_setting(key, value, keep=False)
        except CowriteError as error:
            self.tell(error.message, error.hint, "warning")
        else:
            self.flash(said)

    def action_toggle_focus(self) -> None:
        """Off, paragraph, sentence, off."""
        focus = _FOCUS[self.settings.editor.focus]
        self._switch("editor.focus", focus, f"focus: {focus}")

    def action_toggle_typewriter(self) -> None:
        on = not self.settings.editor.typewriter
        self._switch("editor.typewriter", on, f"typewriter {'on' if on else 'off'}")

    def action_toggle_origins(self) -> None:
        on = not self.settings.editor.show_origins
        self._switch("editor.show_origins", on, self._legend() if on else "origins off")

    def _legend(self) -> Pieces:
        """What the looks of origins mean."""
        look = self.editor.look_of_layer
        return tuple((text, look(layer) if layer else "") for text, layer in _LEGEND)

    def action_toggle_zen(self) -> None:
        """Hide status line and footer, or show them again."""
        self.toggle_class("-zen")
        if self.has_class("-zen"):
            self.tell(f"{self.keymap.label('toggle-zen')} brings everything back.")

    def action_help(self) -> None:
        from cowrite.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.keymap))

    def action_settings(self) -> None:
        from cowrite.tui.screens.settings import SettingsScreen

        self.app.push_screen(SettingsScreen())

    def action_palette(self) -> None:
        self.house.show_palette()

    def action_statistics(self) -> None:
        """Words, characters, reading time, goal, and who wrote what."""
        from cowrite.tui.screens.dialogs import notice

        self.app.push_screen(notice(self.session.name, self._counts()))

    def _counts(self) -> str:
        session, words = self.session, self.tally.words
        lines = [
            counted(words, "word"),
            counted(len(session.document), "character"),
            counted(session.document.line_count, "line"),
            f"{reading_minutes(words)} min to read",
        ]
        start, end = session.selected
        if start != end:
            selected = session.document.slice(start, end)
            words_in = counted(word_count(selected), "word")
            lines.append(f"{words_in}, {counted(len(selected), 'character')} selected")
        goal = self.settings.editor.word_goal
        if goal:
            lines.append(f"{max(0, self.written()):,} of {goal:,} words of this session's goal")
        lines += self.time_parts()
        return "\n".join([*lines, "", *self._shares()])

    def written(self) -> int:
        """Words more than when the session began."""
        return self.tally.words - self.words_at_start()

    def time_parts(self) -> tuple[str, ...]:
        """The session's time and the streak, where they are wanted."""
        raise NotImplementedError

    def words_at_start(self) -> int:
        """How many words the draft had when it was opened."""
        raise NotImplementedError

    def _shares(self) -> list[str]:
        shares = self.session.provenance.shares()
        size = max(1, len(self.session.document))
        names = {
            Author.WRITER: "written here",
            Author.MODEL: "from the model",
            Author.PASTE: "pasted",
            Author.FILE: "was in the file",
        }
        return [f"{shares[who] / size:>4.0%} {name}" for who, name in names.items() if shares[who]]
