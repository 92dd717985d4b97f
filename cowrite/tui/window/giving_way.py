"""What is there to be read gives way to writing: a letter typed over it goes on in the draft.

It is decided where keys come in, before they are sent to whoever has the focus. If those that are only read
passed letters on themselves, the next ones would overtake them.
"""

from __future__ import annotations

from textual import events
from textual.app import App

from cowrite.tui.commands.action import Group
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.editor.editor import typed

_TABS = ("insert-tab", "outdent")
"""What Tab and Shift+Tab do in the draft, and not from a pane: nobody means to write with them there."""


async def give_way(
    app: App[None], draft: DraftScreen | None, keymap: Keymap, event: events.Event
) -> None:
    """Let what is only read go, or lose the focus, where `event` writes. It says so of itself: `gives_way`.

    A dialog is closed for any text and any paste. A pane stays, and loses the focus also to what corrects
    (Enter, Backspace, undo); keys of its own are its own.
    """
    if not isinstance(event, events.Key | events.Paste):
        return
    if draft is None:
        return
    if app.focused is None:
        # A click outside the screen, as while it shrinks, takes the focus from all.
        if app.screen is draft:
            draft.set_focus(draft.editor)
        else:
            app.screen.focus_next()
    here = app.focused
    if here is draft.editor:
        return
    if isinstance(event, events.Key) and here is not None and _is_own(event.key, here):
        return
    writes = isinstance(event, events.Paste) or typed(event) is not None
    if writes and getattr(app.screen, "gives_way", False):
        await app.screen.dismiss(None)
    elif getattr(here, "gives_way", False) and (writes or _corrects(keymap, event)):
        draft.set_focus(draft.editor)


def _is_own(key: str, widget: object) -> bool:
    bindings = getattr(widget, "_bindings", None)
    return bindings is not None and key in bindings.key_to_bindings


def _corrects(keymap: Keymap, event: events.Event) -> bool:
    action = keymap.find(event.key, ghost=False) if isinstance(event, events.Key) else None
    return action is not None and action.group is Group.EDIT and action.id not in _TABS
