"""Changing one setting of a window."""

from __future__ import annotations

from typing import Any

import msgspec

from cowrite.config import Settings
from cowrite.config.describing import FREE, checked, find


def changed(settings: Settings, key: str, value: object) -> Settings:
    """The settings with `key` (`section.name`) set to `value`, which may be a text. Raises UsageError."""
    setting = find(key)
    fresh: Any = checked(setting, value, "this window")
    if setting.section in FREE:
        fields = {**getattr(settings, setting.section), setting.name: fresh}
        return msgspec.structs.replace(settings, **{setting.section: fields})
    section = msgspec.structs.replace(getattr(settings, setting.section), **{setting.name: fresh})
    return msgspec.structs.replace(settings, **{setting.section: section})


def value_of(settings: Settings, key: str) -> Any:
    """What `section.name` is now."""
    setting = find(key)
    section = getattr(settings, setting.section)
    if setting.section in FREE:
        return section.get(setting.name, "")
    return getattr(section, setting.name)
