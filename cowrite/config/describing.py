"""The declaration as data: for validation, the settings screen and the documentation."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_type_hints

import msgspec

from cowrite.config.declaration import Settings
from cowrite.config.titles import TITLES
from cowrite.core.given import list_given, text_given
from cowrite.errors import UsageError, nearest, unknown

Kind = Literal["switch", "whole number", "number", "text", "choice", "list"]
KEYS = "keys"
PRESETS = "presets"
FREE = {KEYS: "Keys of this action.", PRESETS: "What this preset tells the model to do."}
"""The sections whose fields are not declared: the names of actions, and of the writer's own presets."""

OTHER_NAMES = {"models.writing": "model.name"}
"""Settings that can be called by another name too."""

KEY_FILE = "engine.remote_key_file"
PATHS = ("model.name", "models.instruct", KEY_FILE)
"""Settings that may be a file's path, which can have any bytes."""

REMOTE, NEVER = "engine.remote", "never"
"""Where drafts are sent, and what a project's file may say of it: that they aren't."""

OWN = (
    "models.own_template",
    REMOTE,
    "engine.remote_model",
    "engine.remote_key_file",
    "engine.remote_adapter",
    "engine.remote_suffix",
    "engine.remote_plain_http",
)
"""Settings that no project's file may say: who gives away a folder must not have a program of theirs run, nor
have the drafts in it sent to them.
"""

LONGEST_NAME = 40
LONGEST_INSTRUCTION = 2000
"""Characters of a preset's name, and of what it says."""

_YES = frozenset(("true", "yes", "on", "1"))
_NO = frozenset(("false", "no", "off", "0"))


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """One setting. `default` None: not set, something else decides (the doc says what)."""

    section: str
    name: str
    type: Kind
    default: Any
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    doc: str
    title: str = ""
    """What people call it."""

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "COWRITE_MODEL" if self.key == "model.name" else variable(self.section, self.name)

    @property
    def allowed(self) -> str:
        """What may be written, as the end of a sentence."""
        match self.type:
            case "switch":
                return "true or false"
            case "choice":
                return f"{', '.join(self.choices[:-1])} or {self.choices[-1]}"
            case "whole number" | "number":
                low, high = self.minimum, self.maximum
                return f"a {self.type} from {low:g} to {_grouped(high)}"
            case "list":
                return "a list of texts"
            case "text":
                return "a text"

    @property
    def hint(self) -> str:
        """What it is for and how it is changed on the settings screen, in sentences."""
        match self.type:
            case "switch":
                how = "Enter switches it on and off."
            case "choice":
                how = f"Enter takes the next of {', '.join(self.choices[:-1])} and {self.choices[-1]}."
            case _:
                how = f"Enter asks for {self.allowed}."
        return f"{self.doc} {how}"


def _grouped(number: float | None) -> str:
    if number is None or math.isinf(number):
        return "any"
    return f"{int(number)}" if number == int(number) else f"{number:g}"


def variable(section: str, name: str) -> str:
    return f"COWRITE_{section}_{name}".upper()


@functools.cache
def describe() -> list[SettingInfo]:
    """Every declared setting, in the order of the declaration. The section `keys` is not among them."""
    out = []
    for section, kind in get_type_hints(Settings).items():
        if section in FREE:
            continue
        info = msgspec.inspect.type_info(kind)
        assert isinstance(info, msgspec.inspect.StructType)
        out += [_setting(section, entry) for entry in info.fields]
    return out


def sections() -> dict[str, str]:
    """Section -> what it is about."""
    hints = get_type_hints(Settings)
    about = {name: (kind.__doc__ or "") for name, kind in hints.items() if name not in FREE}
    own = {KEYS: "Keys of the editor, by action.", PRESETS: "Your own instructions, by name."}
    return {**about, **own}


def _setting(section: str, entry: msgspec.inspect.Field) -> SettingInfo:
    kind = entry.type
    doc = ""
    if isinstance(kind, msgspec.inspect.Metadata):
        doc = str((kind.extra_json_schema or {}).get("description", ""))
        kind = kind.type
    if isinstance(kind, msgspec.inspect.UnionType):
        kind = next(t for t in kind.types if not isinstance(t, msgspec.inspect.NoneType))
    name, choices = _kind(kind)
    if isinstance(kind, msgspec.inspect.LiteralType):  # inspect has sorted them
        choices = _literals(_annotations()[f"{section}.{entry.name}"])
    low, high = None, None
    if isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType):
        low = kind.ge if kind.ge is not None else kind.gt
        high = kind.le if kind.le is not None else kind.lt
    default = entry.default
    title = TITLES[f"{section}.{entry.name}"]
    return SettingInfo(section, entry.name, name, default, choices, low, high, doc, title)


def _kind(kind: msgspec.inspect.Type) -> tuple[Kind, tuple[str, ...]]:
    match kind:
        case msgspec.inspect.BoolType():
            return "switch", ()
        case msgspec.inspect.IntType():
            return "whole number", ()
        case msgspec.inspect.FloatType():
            return "number", ()
        case msgspec.inspect.LiteralType():
            return "choice", tuple(str(value) for value in kind.values)
        case msgspec.inspect.EnumType():
            return "choice", tuple(member.value for member in kind.cls)
        case msgspec.inspect.VarTupleType():
            return "list", ()
        case _:
            return "text", ()


def _literals(hint: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in get_args(get_args(hint)[0]))


@functools.cache
def _annotations() -> dict[str, Any]:
    return {
        f"{section}.{name}": hint
        for section, kind in get_type_hints(Settings).items()
        if section not in FREE
        for name, hint in get_type_hints(kind, include_extras=True).items()
    }


def find(key: str) -> SettingInfo:
    """The setting `section.name`. Raises UsageError with the nearest match where there is none.

    For `keys.ACTION` one is made up: which actions there are is known to the editor alone. So it is for
    `presets.NAME`.
    """
    key = OTHER_NAMES.get(key, key)
    section, _, name = key.partition(".")
    if section in FREE and name:
        return SettingInfo(section, name, "text", "", (), None, None, FREE[section])
    known = {setting.key: setting for setting in describe()}
    if key not in known:
        own = [other for other in known if other.partition(".")[0] == section]
        near, listed = _near(key, own, known), "`cowrite config list` shows them all."
        raise unknown("setting", key, own or known, near, listed=listed)
    return known[key]


def _near(key: str, own: list[str], known: Iterable[str]) -> str:
    """The key that was meant: one of its section, one much like it, or one of that name elsewhere; or empty."""
    homes = {other.partition(".")[2]: other for other in known}
    name = key.rpartition(".")[2]
    near = nearest(key, own) if own and name != key else nearest(key, known, parts=False)
    return near or homes.get(nearest(name, homes, parts=False) or "", "")


def checked(setting: SettingInfo, value: object, where: str) -> Any:
    """`value` as the setting's type. where: the file or variable it is from, empty for a flag.

    A text is read as the setting's type would be written; None stands for "not set".
    Raises UsageError that says what is allowed.
    """
    place = f"{where}: " if where else ""
    refused = UsageError(f"{place}{setting.key} can't be {_shown(value)}.", _hint(setting, value))
    if value is None:
        return setting.default
    if isinstance(value, str) and setting.key not in PATHS:
        try:
            value = text_given(value)
        except UnicodeError:
            raise UsageError(f"{place}{setting.key} is not text in UTF-8.", refused.hint) from None
    if setting.section == KEYS:
        return _keys(value, refused)
    if setting.section == PRESETS:
        return _instruction(setting.name, value, refused)
    try:
        plain = _parsed(setting, value) if isinstance(value, str) else value
        out = msgspec.convert(plain, _annotations()[setting.key])
    except (msgspec.ValidationError, ValueError, TypeError):
        raise refused from None
    if isinstance(out, float) and not math.isfinite(out):
        raise refused
    return out


def _hint(setting: SettingInfo, value: object) -> str:
    """What is allowed, and which of it was meant."""
    allowed = f"Allowed: {setting.allowed}."
    near = nearest(value, setting.choices) if isinstance(value, str) else None
    if near is not None:
        return f"Did you mean '{near}'? {allowed}"
    if setting.type == "list" and isinstance(value, str):
        return f"""{allowed[:-1]}: the sun, sea or ["the sun", "sea"]."""
    return allowed


def _keys(value: object, refused: UsageError) -> str:
    """Keys of an action, divided by commas, from a text or a list."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        with contextlib.suppress(ValueError):  # or it is a key of that name
            value = list_given(value)
    if isinstance(value, list | tuple) and all(isinstance(key, str) for key in value):
        return ",".join(value)
    if isinstance(value, str):
        return value
    raise refused


def _instruction(name: str, value: object, refused: UsageError) -> str:
    """What a preset of the writer's says."""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_INSTRUCTION:
        most = f"{LONGEST_INSTRUCTION:,} characters"
        raise UsageError(refused.message, f"An instruction in words, of at most {most}.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        hint = f"A name has at most {LONGEST_NAME} characters, all of them printable."
        raise UsageError(f"A preset can't be called {_shown(name)}.", hint)
    return value.strip()


def _parsed(setting: SettingInfo, text: str) -> object:
    """What a text from the environment or the command line means for this setting."""
    word = text.strip().lower()
    match setting.type:
        case "switch" if word in _YES:
            return True
        case "switch" if word in _NO:
            return False
        case "whole number":
            return int(text)
        case "number":
            return float(text)
        case "choice":
            return word
        case "list":
            return list_given(text)
        case _:
            return text


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
