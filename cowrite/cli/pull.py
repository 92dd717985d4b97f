"""`cowrite models pull`: the one command that gets something from the network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.cli.output import note, progress_lines, size
from cowrite.errors import UsageError, unknown
from cowrite.paths import Paths, user_paths

if TYPE_CHECKING:
    from cowrite.catalog.known import KnownModel
    from cowrite.hub.pulling import Pulled
    from cowrite.hub.source import Address, HubFile


def pull(
    source: Annotated[
        str,
        typer.Argument(
            metavar="NAME|hf:OWNER/REPO[:FILE][@REVISION]|URL",
            help="A name that `cowrite models advise` shows, a repository of GGUF files, or an address.",
        ),
    ],
    name: Annotated[
        str | None, typer.Option("--name", help="What to call it; its file's name otherwise.")
    ] = None,
    sha256: Annotated[
        str, typer.Option("--sha256", metavar="HEX", help="What the file has to have.")
    ] = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also if it is too large for this machine's memory.")
    ] = False,
) -> None:
    """Download a model, once, and make it known. Run it again to go on after a break.

    The only command that gets anything from the network. It says which host it asks and how much will come
    before it does, checks disk and memory first, and compares the file's sha256 before it is used.

    FILE may be a word of the file's name, such as Q8_0; without it the Q4_K_M one is taken where there are
    several. HF_ENDPOINT names another hub, HF_TOKEN the token for models with terms.

    Examples: cowrite models pull hf:OWNER/REPO-GGUF:Q8_0, or cowrite models pull https://HOST/model.gguf
    """
    from cowrite.hub import web as asking
    from cowrite.hub.pulling import Wanted, pull
    from cowrite.hub.source import check_online, hub, token_of

    sha256 = sha256.strip().lower()
    if sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise UsageError("--sha256 takes 64 hexadecimal digits.")
    paths, address = user_paths(), hub()
    found = _found(source, paths)
    check_online()
    web = asking.Web(token_of(address), asking.origin_of(address), note)
    wanted = Wanted(
        found.source, address, name or found.name, sha256 or found.sha256, found.known, anyway
    )
    try:
        with progress_lines("Downloading") as advance:
            pulled = pull(web, wanted, paths, advance)
    except KeyboardInterrupt:
        note("Stopped. What has come is kept: the same command goes on.")
        raise
    _tell(pulled, "the card" if wanted.sha256 and not sha256 else asking.host_of(address))


def _tell(pulled: Pulled, says: str) -> None:
    """What is here now. says: whose sha256 a hub's file was compared with."""
    card = pulled.card
    if not pulled.fresh:
        note(f"{card.name} is here already: {card.path}")
    else:
        note(f"{card.name} is here ({card.architecture}, {size(card.size)}, {card.kind}).")
        note(f"Licence: {card.licence}")
    if not pulled.compared:
        note(f"Nobody said which sha256 it should have. It has {card.sha256}.")
    elif card.commit:
        note(f"Commit {card.commit[:12]}; its sha256 is the one that {says} says: {card.sha256}")
    note(f"To use it: cowrite models use {card.name}")
    if card.kind == "instruct":
        note(f"For instructions alone: cowrite config set models.instruct {card.name}")


@dataclass(frozen=True, slots=True)
class _Found:
    """What the first word means: where to get it, and what its card says where it is a name."""

    source: HubFile | Address
    name: str | None = None
    sha256: str = ""
    known: KnownModel | None = None


def _found(word: str, paths: Paths) -> _Found:
    """Raises UsageError where the word is neither a name nor an address."""
    from cowrite.catalog import cards
    from cowrite.catalog.known import known_models
    from cowrite.hub.source import HubFile, read_source

    if ":" in word:
        return _Found(read_source(word))
    name, known = word.strip().lower(), known_models()
    model = known.get(name)
    if model is not None:
        where = HubFile(model.repo, model.file, model.revision)
        return _Found(where, name, model.sha256, model)
    card = cards(paths).get(name)
    if card is not None:
        raise UsageError(f"{name} is known here, and not downloaded.", card.install)
    error = unknown("model to download", word, known)
    raise UsageError(error.message, f"{error.hint} Others: hf:OWNER/REPO, or a URL.".strip())
