"""How a model that was trained to answer wants to be spoken to."""

from __future__ import annotations

from dataclasses import dataclass

SLOT = "{}"
"""Where a turn's text stands in its form."""


@dataclass(frozen=True, slots=True)
class ChatFormat:
    """The forms of the turns of a conversation, each with one `{}` for its text.

    system: empty where a model has no such turn; then what it would say comes first in the user's. model: of
    an answer; what stands behind its `{}` ends it.
    """

    user: str
    model: str
    system: str = ""
    first: str = ""
    """What stands before the first turn."""
    opening: str = ""
    """What an answer is asked for with, where that is not what stands before one in `model`."""

    @property
    def asks(self) -> str:
        """What the model goes on from with its answer."""
        return self.opening or self.model.partition(SLOT)[0]

    @property
    def ends(self) -> str:
        """What ends an answer, where it can be told by its text."""
        return self.model.partition(SLOT)[2].strip()

    def valid(self) -> bool:
        """Whether each form has its one place for the text."""
        forms = [form for form in (self.user, self.model, self.system) if form]
        return len(forms) >= 2 and all(form.count(SLOT) == 1 for form in forms)
