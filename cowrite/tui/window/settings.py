"""The window's settings: what they are now, who has to agree to a change, and who is told of it."""

from __future__ import annotations

from collections.abc import Callable

from cowrite import config
from cowrite.config import Settings
from cowrite.config.changing import changed
from cowrite.paths import Paths
from cowrite.session.usable import check_usable

Check = Callable[[Settings], object]
"""Raises CowriteError where these settings can't be."""

Told = Callable[[str], object]
"""Gets the key of the setting that is another one."""


class SettingsHub:
    """Owns the settings. Whoever depends on some says so by the beginning of their keys."""

    def __init__(self, settings: Settings, paths: Paths) -> None:
        self.now = settings
        self._paths = paths
        self._checks: list[tuple[str, Check]] = []
        self._subscribers: list[tuple[str, Told]] = []

    def check(self, prefix: str, check: Check) -> None:
        """Let `check` refuse changes of the settings whose keys begin so."""
        self._checks.append((prefix, check))

    def subscribe(self, prefix: str, told: Told) -> None:
        """Let `told` know of changes of the settings whose keys begin so, in the order of subscribing."""
        self._subscribers.append((prefix, told))

    def change(self, key: str, value: object, *, keep: bool = True) -> None:
        """Change one setting, now and (keep) in the user's file. Raises CowriteError; all is then as it was."""
        fresh = changed(self.now, key, value)
        check_usable(key, fresh, self._paths)
        for prefix, check in self._checks:
            if key.startswith(prefix):
                check(fresh)
        if keep:
            config.save_user(self._paths, key, value)
        self.now = fresh
        for prefix, told in self._subscribers:
            if key.startswith(prefix):
                told(key)
