"""The cards: what is known of each model, from TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from cowrite import small_text
from cowrite.core.chat_format import ChatFormat
from cowrite.errors import ModelError
from cowrite.paths import Paths

MAX_CARD_BYTES = 100_000

Name = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,99}$")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class FilePart(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of an installed package: the distribution's name, and the path as its RECORD has it."""

    package: str
    path: str


class Card(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One known model. `size` is in bytes, `context_length` in tokens.

    A model with one part is read in place; several parts are joined into the cache. A card of the
    user's has a `path` in place of parts.
    """

    name: Name
    title: str
    source: str
    file: Annotated[str, Meta(pattern=r"^[^/\x00]{1,200}\.gguf$")]
    sha256: Digest
    size: Annotated[int, Meta(gt=0)]
    licence: str
    terms: str = ""
    architecture: str
    kind: Literal["base", "instruct"]
    context_length: Annotated[int, Meta(ge=0)]
    install: str = ""
    notes: str = ""
    parts: tuple[FilePart, ...] = ()
    path: str = ""
    commit: str = ""
    sampling: dict[str, int | float] = {}
    chat: ChatFormat | None = None

    @property
    def added(self) -> bool:
        """Whether the user added it, by path."""
        return bool(self.path)


def shipped_folder() -> Path:
    """Where the cards of the known models are: in the wheel, or at the root of a checkout."""
    inside = Path(__file__).parent / "cards"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "models"


def read_card(path: Path) -> Card:
    """The card in a TOML file. Raises ModelError that names the file and the field."""
    what = f"The model card {path}"
    found = small_text.read(path, what, error=ModelError, most=MAX_CARD_BYTES)
    try:
        card = msgspec.convert(tomllib.loads(found.text), Card)
        if card.chat is not None and not card.chat.valid():
            raise ValueError(
                "each form of [chat] needs one `{}`, and `user` and `model` must be there"
            )
        return card
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"The model card {path} is not valid: {error}.", "Mend it, or delete the file."
        ) from error


def _files(paths: Paths) -> Iterator[Path]:
    for folder in (shipped_folder(), paths.models):
        if folder.is_dir():
            yield from sorted(folder.glob("*.toml"))


def cards(paths: Paths) -> dict[str, Card]:
    """All valid cards by name: the shipped ones first, then the user's. Shipped names can't be taken."""
    out: dict[str, Card] = {}
    for path in _files(paths):
        try:
            card = read_card(path)
        except ModelError:
            continue  # `broken` tells of it; one bad card must not hide the others
        out.setdefault(card.name, card)
    return out


def broken(paths: Paths) -> list[ModelError]:
    """What is wrong with the cards that can't be read."""
    out = []
    for path in _files(paths):
        try:
            read_card(path)
        except ModelError as error:
            out.append(error)
    return out
