"""The declaration as data: for validation, the settings screen and the documentation."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_type_hints

import msgspec

from cowrite.config.declaration import Settings
from cowrite.config.titles import TITLES
from cowrite.errors import UsageError, unknown

Kind = Literal["switch", "whole number", "number", "text", "choice", "list"]
KEYS = "keys"
"""The one section whose fields are not declared: the names of actions."""

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
        if section == KEYS:
            continue
        info = msgspec.inspect.type_info(kind)
        assert isinstance(info, msgspec.inspect.StructType)
        out += [_setting(section, entry) for entry in info.fields]
    return out


def sections() -> dict[str, str]:
    """Section -> what it is about."""
    hints = get_type_hints(Settings)
    about = {name: (kind.__doc__ or "") for name, kind in hints.items() if name != KEYS}
    return {**about, KEYS: "Keys of the editor, by action."}


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
        if section != KEYS
        for name, hint in get_type_hints(kind, include_extras=True).items()
    }


def find(key: str) -> SettingInfo:
    """The setting `section.name`. Raises UsageError with the nearest match where there is none.

    For `keys.ACTION` one is made up: which actions there are is known to the editor alone.
    """
    section, _, name = key.partition(".")
    if section == KEYS and name:
        return SettingInfo(KEYS, name, "text", "", (), None, None, "Keys of this action.")
    known = {setting.key: setting for setting in describe()}
    if key not in known:
        own = [other for other in known if other.partition(".")[0] == section]
        raise unknown("setting", key, own if own and name else known)
    return known[key]


def checked(setting: SettingInfo, value: object, where: str) -> Any:
    """`value` as the setting's type. where: the file or variable it is from, empty for a flag.

    A text is read as the setting's type would be written; None stands for "not set".
    Raises UsageError that says what is allowed.
    """
    place = f"{where}: " if where else ""
    refused = UsageError(
        f"{place}{setting.key} can't be {_shown(value)}.", f"Allowed: {setting.allowed}."
    )
    if value is None:
        return setting.default
    if setting.section == KEYS:
        if isinstance(value, list | tuple) and all(isinstance(key, str) for key in value):
            return ",".join(value)
        if isinstance(value, str):
            return value
        raise refused
    try:
        plain = _parsed(setting, value) if isinstance(value, str) else value
        out = msgspec.convert(plain, _annotations()[setting.key])
    except (msgspec.ValidationError, ValueError, TypeError):
        raise refused from None
    if isinstance(out, float) and not math.isfinite(out):
        raise refused
    return out


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
            return [part.strip() for part in text.split(",") if part.strip()]
        case _:
            return text


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
