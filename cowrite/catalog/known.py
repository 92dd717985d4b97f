"""Models that can be had by name, from TOML files: what they are good at, and where they are."""

from __future__ import annotations

import tomllib
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from cowrite.catalog.cards import Digest, Name, shipped_folder
from cowrite.core.chat_format import ChatFormat

Purpose = Literal["ghost", "instructions", "languages"]
"""What a writer may want a model for: to go on with the text, to do as told, to write in other languages."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


class KnownModel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model of a hub, which nobody of cowrite has downloaded.

    size: bytes; exact where there is a sha256, else about. kv: bytes of the KV cache for a token, at most.
    vocabulary: entries. file: a word of the file's name, empty where its repository has one. sha256: as several
    programs that don't know of each other have written it down; empty where it isn't known so: the hub's own
    is taken then. languages: as its publisher says. chat: how it wants to be spoken to, likewise.
    """

    name: Name
    title: str
    repo: str
    file: str = ""
    revision: str = "main"
    sha256: Digest | Literal[""] = ""
    size: Annotated[int, Meta(gt=0)]
    kv: Annotated[int, Meta(ge=0)]
    vocabulary: Annotated[int, Meta(gt=0)]
    architecture: str
    licence: str
    terms: str
    kind: Literal["base", "instruct"]
    good_for: tuple[Purpose, ...]
    languages: str
    notes: str
    chat: ChatFormat | None = None


def known_models() -> dict[str, KnownModel]:
    """All of them by name, the smallest first."""
    found = [
        msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), KnownModel)
        for path in (shipped_folder() / "known").glob("*.toml")
    ]
    return {model.name: model for model in sorted(found, key=lambda m: (m.size, m.name))}
