"""The window's keys: those that are not the editor's, wherever the focus is, and those that came too early."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from textual import events
from textual.app import App

from cowrite.tui.commands.action import Action, Home
from cowrite.tui.commands.actions import ACTIONS
from cowrite.tui.commands.keymap import Keymap
from cowrite.tui.draft.screen import DraftScreen
from cowrite.tui.editor.editor import Editor
from cowrite.tui.terminal.early import EarlyKeys
from cowrite.tui.window.drafts import OpenDrafts
from cowrite.tui.window.giving_way import give_way
from cowrite.tui.window.settings import SettingsHub
from cowrite.tui.window.type_ahead import TypeAhead


class Keyboard:
    """Owns the keymap, and what was typed before there was a draft to write it in."""

    def __init__(self, app: App[None], drafts: OpenDrafts, hub: SettingsHub) -> None:
        self._app, self._drafts, self._hub = app, drafts, hub
        self._early = EarlyKeys()
        self._ahead = TypeAhead(app)
        self.keymap = Keymap(hub.now.keys)
        self._bind()
        hub.check("keys.", lambda settings: Keymap(settings.keys))
        hub.subscribe("keys.", self._keys_chosen)

    def _bind(self) -> None:
        """Bind what isn't the editor's; the editor reads the table itself."""
        for action in ACTIONS:
            if action.home is Home.APP:
                for key in self.keymap.keys(action.id):
                    self._app.bind(key, f"perform('{action.id}')", show=False)

    def _keys_chosen(self, _key: str) -> None:
        self.keymap = Keymap(self._hub.now.keys)
        self._app._bindings.key_to_bindings.clear()
        self._bind()
        for draft in self._drafts:
            draft.use_keymap(self.keymap)

    async def takes(self, event: events.Event) -> bool:
        """Deal with an event before it is sent to whoever has the focus; true where that was all.

        The window's actions are done here. If they bubbled up from the editor, keys that come in the same
        moment would be in its queue already, and be written into the draft instead of the field that the
        action opens.
        """
        if self._early.keeps(event):
            return True
        if event.is_forwarded or not isinstance(event, events.Key | events.Paste):
            return False
        if self._ahead.holds(event):
            return True
        draft = self._drafts.current
        await give_way(self._app, draft, self.keymap, event)
        here = self._app.focused
        if draft is None or here is not draft.editor:
            self._ahead.settle(here)
            return False
        action = (
            await self._meant(event.key, draft.editor) if isinstance(event, events.Key) else None
        )
        if action is None:
            return False
        self._ahead.settle(None)
        await draft.perform(action)
        return True

    async def _meant(self, key: str, editor: Editor) -> Action | None:
        """The window's action that a key means to this editor, once the keys before it are written."""
        meanings = [
            self.keymap.find(key, ghost=ghost, diff=diff)
            for ghost, diff in ((False, False), (True, False), (False, True))
        ]
        if not any(action is not None and action.home is Home.APP for action in meanings):
            return None
        written = asyncio.Event()
        if editor.call_later(written.set):
            with suppress(TimeoutError):
                await asyncio.wait_for(written.wait(), 1.0)
        action = editor.find_action(key)
        return action if action is not None and action.home is Home.APP else None

    # What was typed before there was a draft

    async def write_early(self, draft: DraftScreen) -> None:
        """The draft is there: write what was typed before. Whatever is asked on top of it was not meant by it,
        but by what is typed from now on, or was called by one of these keys."""
        called = False
        for event in self._early.release():
            action = None
            if isinstance(event, events.Key) and not called:
                action = await self._meant(event.key, draft.editor)
            if action is not None:
                called = True
                self._ahead.settle(None)
                await draft.perform(action)
            elif called:
                await self._app.on_event(event)
            else:
                draft.editor._forward_event(event)

    async def take_early(self) -> None:
        """The start screen gets what was typed before it, once it can be typed in."""
        if self._app.focused is None:
            self._app.set_timer(0.01, self.take_early)
            return
        for event in self._early.release():
            await self._app.on_event(event)
