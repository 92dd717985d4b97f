"""Which key does what, after the writer's own choices. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from cowrite.errors import UsageError, unknown
from cowrite.tui.commands.action import Action, When
from cowrite.tui.commands.actions import ACTIONS, BY_ID
from cowrite.tui.commands.labels import canonical, label
from cowrite.tui.commands.named_keys import IN_DIFF, WITH_GHOST, WITHOUT_GHOST


class Keymap:
    """Which key does what, after the writer's own choices.

    choices: action id -> its keys, divided by commas or spaces; an empty string takes them away. A key
    that is chosen for one action is no longer another's. Raises UsageError for an unknown action, or for a
    key chosen twice.
    """

    def __init__(self, choices: Mapping[str, str] | None = None) -> None:
        chosen: dict[str, tuple[str, ...]] = {}
        for action_id, keys in (choices or {}).items():
            if action_id not in BY_ID:
                listed = "The settings in cowrite's window list them, at the end."
                raise unknown("action", action_id, BY_ID, listed=listed)
            chosen[action_id] = tuple(canonical(key) for key in keys.replace(",", " ").split())
        taken: dict[str, list[Action]] = {}
        for action_id, names in chosen.items():
            for key in names:
                _claim(taken, key, BY_ID[action_id])
        self._keys: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, When], Action] = {}
        for action in ACTIONS:
            own = chosen.get(action.id)
            if own is None:
                own = tuple(key for key in action.keys if not _is_taken(taken, key, action))
            self._keys[action.id] = own
            for key in own:
                for when in (
                    (When.GHOST, When.NO_GHOST) if action.when is When.ALWAYS else (action.when,)
                ):
                    self._found[key, when] = action

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action, the first one first."""
        return self._keys[action_id]

    def find(self, key: str, *, ghost: bool, diff: bool = False) -> Action | None:
        """What a key does now. ghost: whether one is shown; diff: whether the cursor is in a rewrite."""
        usual = When.GHOST if ghost else When.NO_GHOST
        for when in (When.DIFF, usual) if diff and not ghost else (usual,):
            found = self._found.get((key, when)) or self._found.get((canonical(key), when))
            if found is not None:
                return found
        return None

    def label(self, action_id: str) -> str:
        """The first key of an action as people write it, or an empty string."""
        keys = self._keys[action_id]
        return label(keys[0]) if keys else ""

    def footer(
        self, *, ghost: bool, diff: bool = False, why: bool = False
    ) -> list[tuple[str, Action]]:
        """What the footer says now, as key label and action: the most needed first, for narrow screens.

        why: whether something was refused that the writer may say why of.
        """
        order = WITH_GHOST if ghost else IN_DIFF if diff else WITHOUT_GHOST
        if why and not ghost and not diff:
            order = (*order[:1], "say-why", *order[1:])
        shown = [BY_ID[name] for name in order if self._keys[name]]
        return [(self.label(action.id), action) for action in shown]


def _is_taken(taken: Mapping[str, list[Action]], key: str, action: Action) -> bool:
    return any(_overlap(other.when, action.when) for other in taken.get(key, ()))


def _claim(taken: dict[str, list[Action]], key: str, action: Action) -> None:
    for other in taken.get(key, ()):
        if _overlap(other.when, action.when):
            raise UsageError(
                f"The key '{key}' is chosen for '{other.id}' and for '{action.id}'.",
                "Choose another key for one of them.",
            )
    taken.setdefault(key, []).append(action)


def _overlap(one: When, other: When) -> bool:
    return When.ALWAYS in (one, other) or one is other
