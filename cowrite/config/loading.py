"""Settings from defaults, the user's file, the project's file, the environment and flags."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from cowrite import small_text
from cowrite.config.declaration import Settings
from cowrite.config.describing import (
    FREE,
    KEY_FILE,
    KEYS,
    NEVER,
    OTHER_NAMES,
    OWN,
    PATHS,
    PRESETS,
    REMOTE,
    SettingInfo,
    checked,
    describe,
    find,
    variable,
)
from cowrite.errors import CowriteError, UsageError, nearest, unknown
from cowrite.paths import Paths, expanded
from cowrite.small_text import SmallText

PROJECT_FILES = ("cowrite.toml", ".cowrite.toml")
PROJECT = "project"
"""The section of a project's file that is no settings: which files are its chapters, notes and lore."""

_OWN_VARIABLES = {"COWRITE_HOME", "COWRITE_REMOTE_KEY", "COWRITE_TOKEN"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and for each key that was set, where: a file, a variable or a flag."""

    settings: Settings
    sources: dict[str, str]
    files: tuple[Path, ...]


def load(
    paths: Paths,
    draft: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> Settings:
    """The settings that hold for `draft` (or the current folder).

    flags: `section.name` -> value, None where a flag was not given.
    Raises UsageError that names the file and the key where a value is wrong.
    """
    return load_explained(paths, draft, environ, flags).settings


def load_explained(
    paths: Paths,
    draft: Path | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
) -> Loaded:
    """As `load`, with the sources of what was set."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    files = [path for path in (paths.config_file, project_file(draft)) if path and path.is_file()]
    layers = [read_file(path) for path in files]
    layers.append(_from_environment(os.environ if environ is None else environ))
    layers.append(_from_flags(flags or {}))
    for layer in layers:
        for key, (value, source) in layer.items():
            if key == REMOTE and values.get(key) == NEVER:
                continue  # a project's word: nothing goes before it
            values[key] = value
            sources[key] = source
    return Loaded(_build(values), sources, tuple(files))


def project_file(draft: Path | None) -> Path | None:
    """The project's settings file in the draft's folder or the nearest one above it.

    A file of another user is passed over: it could choose the model and the keys of this one.
    """
    start = Path.cwd() if draft is None else expanded(draft).absolute().parent
    for folder in (start, *start.parents):
        for name in PROJECT_FILES:
            path = folder / name
            try:
                facts = path.stat()
            except OSError:
                continue
            if stat.S_ISREG(facts.st_mode) and facts.st_uid in (os.getuid(), 0):
                return path
    return None


def stays_here(draft: Path | None) -> bool:
    """Whether the project of a draft says that its drafts are never sent anywhere.

    A file that can't be read says so: what it would have said is not known.
    """
    path = project_file(draft)
    if path is None:
        return False
    try:
        return bool(read_file(path).get(REMOTE, ("", ""))[0] == NEVER)
    except CowriteError:
        return True


Layer = dict[str, tuple[Any, str]]


def read_file(path: Path) -> Layer:
    """The settings of one TOML file, checked. Raises UsageError that names the file and the line."""
    out: Layer = {}
    source = small_text.read(path, f"The settings in {path}")
    for section, table in parsed(source, path).items():
        if section == PROJECT and path.name in PROJECT_FILES:
            continue
        _known_section(section, _place(path, line_of(source, section)))
        if not isinstance(table, dict):
            raise UsageError(
                f"{section} in {_place(path, line_of(source, section))} must be a section.",
                f"Write [{section}] on a line of its own.",
            )
        for name, value in table.items():
            place = _place(path, line_of(source, section, name))
            setting = _find_in(place, section, name)
            never = (setting.key, value) == (REMOTE, NEVER)
            if setting.key in OWN and path.name in PROJECT_FILES and not never:
                raise _not_for_projects(setting, place)
            result = checked(setting, value, place)
            out[setting.key] = (anchored(setting.key, result, path.parent), str(path))
    return out


def _not_for_projects(setting: SettingInfo, place: str) -> UsageError:
    """The refusal of what a project's file says and may not say."""
    if setting.key == REMOTE:
        hint = f'A project can only say {setting.name} = "{NEVER}", which keeps its drafts here.'
    else:
        value = "true" if setting.type == "switch" else "..."
        hint = f"Your own file can say it: cowrite config set {setting.key} {value}"
    return UsageError(f"{place}: {setting.key} can't be set by a project.", hint)


def parsed(source: SmallText, path: Path) -> dict[str, Any]:
    """The tables of a TOML file, not checked. Raises UsageError."""
    import tomllib  # here, since most drafts are opened without such a file

    try:
        return tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(
            f"The settings in {path} are not valid TOML: {error}.",
            "Texts need quotes; `cowrite config path` shows which file is read.",
        ) from error


def line_of(source: SmallText, section: str, name: str = "") -> int | None:
    """The line, from 1 on, where a section or one of its settings is; None where it is not found plainly."""
    head = re.compile(rf"""\s*\[\s*["']?{re.escape(section)}["']?\s*\]""")
    table, key = re.escape(section), re.escape(name)
    inside = re.compile(rf"""\s*["']?{key or table}["']?\s*=""")
    dotted = re.compile(rf"\s*{table}\s*\.\s*{key}\s*=")
    here = not name
    for number, line in enumerate(source.lines, 1):
        if head.match(line):
            if not name:
                return number
            here = True
        elif line.lstrip().startswith("["):
            here = False
        elif (here and inside.match(line)) or (name and dotted.match(line)):
            return number
    return None


def _place(path: Path, line: int | None) -> str:
    return str(path) if line is None else f"{path}, line {line}"


def _known_section(section: str, place: str) -> None:
    known = get_type_hints(Settings)
    if section in known:
        return
    home = next((info.key for info in describe() if info.name == section), None)
    if home is not None:
        raise UsageError(
            f"{place}: {section} is outside of its section.", f"Did you mean '{home}'?"
        )
    error = unknown("section", section, known)
    raise UsageError(f"{place}: there is no section [{section}].", error.hint)


def _find_in(place: str, section: str, name: str) -> Any:
    try:
        return find(f"{section}.{name}")
    except UsageError as error:
        raise UsageError(f"{place}: there is no setting '{section}.{name}'.", error.hint) from None


def anchored(key: str, value: Any, folder: Path) -> Any:
    """A path in a file is meant from that file's folder, which a model's name is not; other values stay."""
    if key not in PATHS or not value:
        return value
    if key != KEY_FILE and not ("/" in value or value.endswith(".gguf")):
        return value
    try:
        return str(folder / expanded(value))
    except UsageError:
        return value  # whoever needs the file says that it is nowhere


def _from_environment(environ: Mapping[str, str]) -> Layer:
    names = {name for name in environ if name.startswith("COWRITE_")} - _OWN_VARIABLES
    if not names:
        return {}  # describing the declaration takes longer than all the rest
    known = {info.variable: info for info in describe()}
    known["COWRITE_MODEL_NAME"] = known["COWRITE_MODEL"]
    for other, key in OTHER_NAMES.items():
        known[variable(*other.split("."))] = find(key)
    out: Layer = {}
    for name in sorted(names, reverse=True):
        free = next((s for s in FREE if name.startswith(variable(s, ""))), None)
        if free is not None:
            field = name.removeprefix(variable(free, "")).lower().replace("_", "-")
            setting = find(f"{free}.{field}")
            value: Any = environ[name]
            if free != KEYS:
                value = checked(setting, value, f"${name}")
            out[setting.key] = (value, f"${name}")
        elif name in known:
            if environ[name].strip():
                setting = known[name]
                out[setting.key] = (checked(setting, environ[name], f"${name}"), f"${name}")
        else:
            _refuse_near_miss(name, known)
    return out


def _refuse_near_miss(name: str, known: Iterable[str]) -> None:
    """Other programs may have variables that begin with COWRITE_; a slip in one of ours is refused."""
    names = {*known, *_OWN_VARIABLES}
    near = nearest(name, names)
    parts = name.split("_")
    ours = len(parts) > 2 and parts[1].lower() in get_type_hints(Settings)
    if ours or (near is not None and len(near) == len(name) and sorted(near) == sorted(name)):
        hint = f"Did you mean {near}?" if near else "`cowrite config list` shows them all."
        raise UsageError(f"There is no environment variable {name}.", hint)


def _from_flags(flags: Mapping[str, object]) -> Layer:
    out: Layer = {}
    for key, value in flags.items():
        if value is not None:
            setting = find(key)
            out[setting.key] = (checked(setting, value, ""), "command line")
    return out


def _build(values: Mapping[str, Any]) -> Settings:
    tables: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        section, _, name = key.partition(".")
        tables.setdefault(section, {})[name] = value
    kinds = get_type_hints(Settings)
    free = {name: tables.pop(name, {}) for name in FREE}
    declared: dict[str, Any] = {name: kinds[name](**table) for name, table in tables.items()}
    return Settings(**declared, keys=free[KEYS], presets=free[PRESETS])
