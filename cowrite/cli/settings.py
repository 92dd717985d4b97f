"""`cowrite config`: list, get, set, unset, path."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from cowrite.cli.output import as_json, data, note
from cowrite.config import (
    Loaded,
    Settings,
    changing,
    describe,
    find,
    load_explained,
    project_file,
    save_user,
)
from cowrite.config.describing import FREE, checked
from cowrite.errors import CowriteError
from cowrite.paths import Paths, user_paths
from cowrite.session.usable import CHECKED, check_usable

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Read and change settings. Flags come before the environment (COWRITE_SECTION_NAME), then "
    "cowrite.toml in the draft's folder or above, then your own file, then the defaults.",
)


def _keys(incomplete: str) -> list[str]:
    return [info.key for info in describe() if info.key.startswith(incomplete)]


Key = Annotated[
    str,
    typer.Argument(metavar="SECTION.NAME", help="Such as editor.column.", autocompletion=_keys),
]
Draft = Annotated[
    Path | None, typer.Option("--for", metavar="DRAFT", help="As they hold for this draft.")
]


@app.command("list")
def list_settings(
    draft: Draft = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only what was set.")] = False,
    json: Annotated[bool, typer.Option("--json", help="As JSON, with what is allowed.")] = False,
) -> None:
    """Show all settings as they hold, and where those that were set come from."""
    loaded = load_explained(user_paths(), draft)
    infos = [info for info in describe() if not changed or info.key in loaded.sources]
    if json:
        as_json(
            [
                {
                    "key": info.key,
                    "value": value_of(loaded, info.key),
                    "source": loaded.sources.get(info.key, "default"),
                    "type": info.type,
                    "default": info.default,
                    "choices": info.choices,
                    "minimum": info.minimum,
                    "maximum": info.maximum,
                    "variable": info.variable,
                    "doc": info.doc,
                }
                for info in infos
            ]
        )
        return
    section = ""
    keys = [info.key for info in infos]
    for free in FREE:
        keys += [f"{free}.{name}" for name in getattr(loaded.settings, free)]
    for key in keys:
        head, _, name = key.partition(".")
        if head != section:
            data(f"\n[{head}]" if section else f"[{head}]")
            section = head
        source = loaded.sources.get(key)
        line = f"{name} = {shown(value_of(loaded, key))}"
        data(f"{line:<40}# {source}" if source else line)


def value_of(loaded: Loaded, key: str) -> object:
    """What a setting is, in its own type."""
    return changing.value_of(loaded.settings, key)


def shown(value: object) -> str:
    """A value as TOML would have it; `-` where nothing is set."""
    plain = value.value if isinstance(value, Enum) else value
    if plain is None:
        return "-"
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, tuple):
        return "[" + ", ".join(shown(part) for part in plain) + "]"
    if isinstance(plain, str):
        return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(plain)


@app.command()
def get(key: Key, draft: Draft = None) -> None:
    """Print one setting's value."""
    find(key)
    value = value_of(load_explained(user_paths(), draft), key)
    plain = value.value if isinstance(value, Enum) else value
    data(plain if isinstance(plain, str) else shown(plain))


@app.command("set")
def set_setting(
    key: Key, value: Annotated[str, typer.Argument(help="A list has commas: sea, 'the sun'.")]
) -> None:
    """Change a setting in your own file; its comments stay."""
    paths = user_paths()
    _check(key, value, paths)
    save_user(paths, key, value)
    loaded = load_explained(paths)
    source = loaded.sources.get(find(key).key)
    note(f"{key} = {shown(value_of(loaded, key))}")
    if source is not None and source != str(paths.config_file):
        note(f"Here {source} says so; what you have set holds elsewhere.")


def _check(key: str, value: str, paths: Paths) -> None:
    """Refuse what the declaration can't know: names of models, themes and actions, addresses, files of keys."""
    setting = find(key)
    if setting.key in CHECKED:
        plain = checked(setting, value, "")
        check_usable(setting.key, changing.changed(_now(paths), setting.key, plain), paths)
    elif key == "ui.theme":
        from cowrite.tui.window.themes import check_name

        check_name(value)
    elif key.startswith("keys."):
        _check_keys(key.removeprefix("keys."), value)


def _now(paths: Paths) -> Settings:
    """The settings as they hold where no project says otherwise, since what is set holds everywhere.

    The defaults where they can't be read: setting one may mend that.
    """
    try:
        return load_explained(paths, paths.config_file).settings
    except CowriteError:
        return Settings()


def _check_keys(action: str, value: str) -> None:
    """Refuse an unknown action, and keys that another one has been given."""
    from cowrite.tui.commands.keymap import Keymap

    with_it = load_explained(user_paths(), flags={f"keys.{action}": value}).settings.keys
    Keymap({action: with_it[action]})
    try:
        Keymap({name: keys for name, keys in with_it.items() if name != action})
    except CowriteError:
        return  # what is wrong there was wrong before
    Keymap(with_it)


@app.command()
def unset(key: Key) -> None:
    """Take a setting out of your own file, so that the default holds."""
    paths = user_paths()
    save_user(paths, key, None)
    note(f"{key} = {shown(value_of(load_explained(paths), key))}")


@app.command()
def path() -> None:
    """Print which files are read: your own, and the project's where there is one."""
    data(str(user_paths().config_file))
    project = project_file(None)
    if project is not None:
        data(str(project))
