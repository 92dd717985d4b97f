"""Changing one setting in the user's file, whose comments, order, line ends and mark stay."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from cowrite.config.describing import SettingInfo, checked, find
from cowrite.config.loading import anchored, parsed
from cowrite.core.given import text_given
from cowrite.errors import CowriteError, UsageError
from cowrite.paths import Paths, private_folder, write_private
from cowrite.small_text import SmallText, read

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def save_user(paths: Paths, key: str, value: object) -> SettingInfo:
    """Write `section.name` to the user's file; None removes it. Returns the setting's declaration.

    Raises UsageError where the key or the value is off or the file is not valid, and CowriteError
    where it can't be written; the file is then as it was.
    """
    import tomlkit

    setting = find(key)
    target = paths.config_file
    linked = target.is_symlink()  # as managers of dotfiles make them
    if linked:
        target = target.resolve()
    old = read(target, f"The settings in {target}") if target.exists() else SmallText("")
    document = _document(old, target)
    table = document.get(setting.section)
    if table is not None and not isinstance(table, tomlkit.items.Table):
        raise UsageError(
            f"{setting.section} in {target} must be a section.",
            f"Write [{setting.section}] on a line of its own.",
        )
    if value is None:
        if table is not None and setting.name in table:
            del table[setting.name]
    else:
        plain = _plain(anchored(setting.key, checked(setting, value, ""), Path.cwd()), setting.key)
        if table is None:
            if document.body:
                document.add(tomlkit.nl())
            table = tomlkit.table()
            document[setting.section] = table
            table = document[setting.section]
        table[setting.name] = plain
    if not linked:  # the folder of a linked file is not ours to close
        private_folder(target.parent)
    _write(target, old.rewritten(tomlkit.dumps(document)))
    return setting


def _document(source: SmallText, path: Path) -> TOMLDocument:
    import tomlkit

    parsed(source, path)  # says what is wrong as every reading does
    return tomlkit.parse(source.text)


def _plain(value: object, key: str) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        try:
            return text_given(value)
        except UnicodeError:  # a path has any bytes, a file of settings has not
            raise UsageError(
                f"{key} can't be kept: that name is not text in UTF-8.",
                "Give the file another one.",
            ) from None
    return list(value) if isinstance(value, tuple) else value


def _write(target: Path, data: bytes) -> None:
    try:
        write_private(target, data)
    except OSError as error:
        raise CowriteError(
            f"{target} can't be written: {error.strerror}.", "The settings are as they were."
        ) from error
