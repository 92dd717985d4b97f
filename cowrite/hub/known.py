"""Models that can be had by name, from TOML files: what they are good at, and where they are."""

from __future__ import annotations

import tomllib
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from cowrite.catalog.cards import Digest, Name, shipped_folder


class KnownModel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model of a hub. size: bytes, about. kv: bytes of the KV cache for a token, at most. file: a word of the
    file's name, empty where its repository has one. Without a sha256 nobody of cowrite has checked the file:
    the hub's own is taken."""

    name: Name
    title: str
    repo: str
    file: str = ""
    revision: str = "main"
    sha256: Digest | Literal[""] = ""
    size: Annotated[int, Meta(gt=0)]
    kv: Annotated[int, Meta(ge=0)]
    licence: str
    terms: str
    kind: Literal["base", "instruct"]
    good_for: tuple[Literal["ghost", "instructions"], ...]
    languages: str
    notes: str

    @property
    def verified(self) -> bool:
        """Whether its card says which content it has to have."""
        return bool(self.sha256)


def known_models() -> dict[str, KnownModel]:
    """All of them by name, the smallest first."""
    found = [
        msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), KnownModel)
        for path in (shipped_folder() / "known").glob("*.toml")
    ]
    return {model.name: model for model in sorted(found, key=lambda m: (m.size, m.name))}
