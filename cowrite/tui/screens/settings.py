"""The settings, from their declaration: each with what it is for and what it is now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len, set_cell_size
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from cowrite.config import describe, sections
from cowrite.config.changing import changed, value_of
from cowrite.config.describing import SettingInfo
from cowrite.config.overruling import Overruler, overruling
from cowrite.config.titles import ZERO
from cowrite.core.given import list_text
from cowrite.core.printable import printable
from cowrite.errors import CowriteError
from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.screens.choosing import padded
from cowrite.tui.screens.dialogs import Dialog, Prompt
from cowrite.tui.widgets.fields import SafeInput
from cowrite.tui.widgets.status import shortened
from cowrite.tui.window.choices import choose_theme

if TYPE_CHECKING:
    from cowrite.tui.services import Window

_WIDTH, _AROUND = 92, 8
"""Cells of the box, and those of it that are not the list's."""
_TITLE, _VALUE = 32, 20
"""Cells of the first two columns at most, a space behind each; the third has what is left."""
_SECTIONS = {
    "sampling": "Choice of words",
    "ui": "Screen",
    "log": "Log",
    "learn": "Learning",
    "keys": "Keys",
}
"""Headings where the section's name is none."""


def shown(value: object, key: str = "") -> str:
    """A value as the screen says it; of the setting `key`, where a zero stands for something else."""
    if value == 0 and not isinstance(value, bool) and key in ZERO:
        return ZERO[key]
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return list_text(value) or "none"
    return str(value)


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells."""
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…"[:width]


class SettingsScreen(Dialog):
    """A list of all settings, narrowed by typing; enter changes one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("down", "step(1)", "Next"),
        ("up", "step(-1)", "Previous"),
        ("pagedown", "step(10)", "Next page"),
        ("pageup", "step(-10)", "Previous page"),
    ]
    DEFAULT_CSS = """
    SettingsScreen > .box { width: 92; height: 90%; }
    SettingsScreen OptionList { height: 1fr; max-height: 100%; }
    SettingsScreen .about { color: $foreground 60%; margin-top: 1; }
    SettingsScreen .about { height: auto; min-height: 3; max-height: 5; }
    SettingsScreen.-tight > .box { height: 100%; }
    SettingsScreen.-tight .about { min-height: 2; max-height: 4; margin-top: 0; }
    """

    _others: dict[str, Overruler] = {}  # noqa: RUF012 - replaced, never changed

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static("Settings", classes="title", markup=False)
            yield SafeInput(compact=True, placeholder="type to find; Enter changes, Esc leaves")
            yield OptionList(compact=True)
            yield Static("", classes="about", markup=False)

    @property
    def window(self) -> Window:
        """The app, as screens know it."""
        return cast("Window", self.app)

    def on_mount(self) -> None:
        self._others = overruling(self.window.paths, self.draft_path)
        self.query_one(OptionList).can_focus = False
        self.set_focus(self.query_one(Input))
        self._fill("")

    @property
    def draft_path(self) -> Path | None:
        """The file of the draft below, whose folder may have settings of its own."""
        draft = self.window.drafts.current
        return draft.session.file.path if draft is not None else None

    def _entries(self) -> list[SettingInfo]:
        keys = [
            SettingInfo("keys", a.id, "text", "", (), None, None, "Keys of this action.", a.help)
            for a in ACTIONS
        ]
        return [*describe(), *keys]

    def _fill(self, typed: str, keep: str | None = None) -> None:
        words = typed.casefold().split()
        options = self.query_one(OptionList)
        options.clear_options()
        section = ""
        about = sections()
        place = 0
        for setting in self._entries():
            about_it = f"{setting.title} {setting.key} {setting.doc}".casefold()
            if not all(word in about_it for word in words):
                continue
            if setting.section != section:
                section = setting.section
                name = _SECTIONS.get(section, section.capitalize())
                title = Content.assemble(
                    (name, "bold $text-accent"), (f"  {about.get(section, '')}", "$foreground 60%")
                )
                options.add_option(Option(title, disabled=True))
            if setting.key == keep:
                place = options.option_count
            options.add_option(self._line(setting))
        if options.option_count:
            options.highlighted = place if keep else 1

    def _line(self, setting: SettingInfo) -> Option:
        if setting.section == "keys":
            own = self.window.settings.keys.get(setting.name)
            now = own if own is not None else ", ".join(self.window.keymap.keys(setting.name))
            other = own is not None
        else:
            value = value_of(self.window.settings, setting.key)
            now, other = shown(value, setting.key), value != setting.default
        style = "bold $foreground" if other else "$foreground 60%"
        source = self._others.get(setting.key)
        aside = (setting.key, "$foreground 40%")
        if source is not None:
            aside = (f"set by {source.short}", "$text-warning")
        first, third = self._room()
        return Option(
            Content.assemble(
                "  ",
                padded(cut(setting.title, first), first + 1),
                (padded(shortened(printable(now) or "none", _VALUE), _VALUE + 1), style),
                (cut(aside[0], third), aside[1]),
            ),
            id=setting.key,
        )

    def _room(self) -> tuple[int, int]:
        """Cells of the first and the third column; the third goes first where there is little room."""
        both = min(_WIDTH, self.app.size.width) - _AROUND - _VALUE - 4
        return min(_TITLE, both), max(0, both - _TITLE)

    @on(events.Resize)
    def _fit(self) -> None:
        """Cut the columns for the room there is now."""
        options = self.query_one(OptionList)
        here = options.highlighted
        self._fill(self.query_one(Input).value)
        options.highlighted = here

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        setting = self._setting(event.option.id)
        if setting is not None:
            about = setting.hint
            source = self._others.get(setting.key)
            if source is not None:
                about += f" Set by {source.name}, which goes before your own settings."
            self.query_one(".about", Static).update(Content(printable(about)))

    def _setting(self, key: str | None) -> SettingInfo | None:
        return next((setting for setting in self._entries() if setting.key == key), None)

    @on(Input.Submitted)
    def _entered(self) -> None:
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self._change(options.get_option_at_index(options.highlighted).id)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._change(event.option.id)

    def _change(self, key: str | None) -> None:
        setting = self._setting(key)
        if setting is None:
            return
        now = value_of(self.window.settings, setting.key)
        if setting.type == "switch":
            self._set(setting.key, not now)
        elif setting.type == "choice":
            following = setting.choices[
                (setting.choices.index(str(now)) + 1) % len(setting.choices)
            ]
            self._set(setting.key, following)
        else:
            self._ask(setting, now)

    def _ask(self, setting: SettingInfo, now: object) -> None:
        if setting.key == "ui.theme":
            choose_theme(self.window, lambda name: self._set(setting.key, name))
            return

        def check(text: str) -> str | None:
            try:
                changed(self.window.settings, setting.key, _value(setting, text))
            except CowriteError as error:
                return error.hint or error.message
            return None

        def answered(text: str | None) -> None:
            if text is not None:
                self._set(setting.key, _value(setting, text))

        body = f"{setting.doc}\nEmpty: as it is by default."
        source = self._others.get(setting.key)
        if source is not None:
            body += f"\nIt is set by {source.name}, which goes before your own settings."
        start = shown(now) if now is not None and now != () else ""
        self.app.push_screen(Prompt(setting.title, start, body=body, check=check), answered)

    def _set(self, key: str, value: object) -> None:
        try:
            self.window.change_setting(key, value)
        except CowriteError as error:
            self.window.tell(error.message, error.hint, "warning")
        else:
            self._say_overruled(key)
        self._fill(self.query_one(Input).value, keep=key)

    def _say_overruled(self, key: str) -> None:
        """A change that will not be there at the next start must not look as if it would."""
        source = self._others.get(key)
        if source is not None:
            self.window.tell(
                "This holds until cowrite ends.",
                f"Your settings have it now, but {source.name} goes before them.",
                "warning",
            )

    def action_step(self, step: int) -> None:
        """Move the highlight over what can be chosen."""
        options = self.query_one(OptionList)
        for _ in range(abs(step)):
            if step > 0:
                options.action_cursor_down()
            else:
                options.action_cursor_up()


def _value(setting: SettingInfo, text: str) -> object:
    """What a filled-in line means: nothing is the default."""
    if text.strip():
        return text
    return None if setting.section != "keys" else ""
