"""How a widget lets its parts answer messages, as if they were widgets themselves.

Textual looks for a message's handler on the widget that gets it. A widget that is made of parts has one
handler for all `PartMessage`s, which looks for `on_…` on the parts.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Iterable

from textual.message import Message

Done = Awaitable[None] | None
"""What an action or a handler gives back: it is awaited where there is something to wait for."""


class PartMessage(Message):
    """Something that a part answers, in the method of Textual's name for it: `FindBar.Closed` in
    `on_find_bar_closed`, with the message as its argument."""


async def pass_on(message: PartMessage, parts: Iterable[object]) -> None:
    """Let the one part that can answer do so; without one, the message goes on to the next widget."""
    for part in parts:
        handler = getattr(part, message.handler_name, None)
        if handler is not None:
            message.stop()
            await finish(handler(message))
            return


async def finish(done: Done) -> None:
    """Wait for it, where there is something to wait for."""
    if inspect.isawaitable(done):
        await done
