"""`models pull`: look up, check, download, and write a card, so that the catalog knows the model."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from filelock import FileLock, Timeout

from cowrite.catalog import (
    Card,
    adding,
    cards,
    check_fit,
    free_memory,
    knows_architecture,
    read_facts,
)
from cowrite.catalog.facts import GgufFacts
from cowrite.catalog.identity import Progress, Stamp, remember
from cowrite.catalog.joining import SPARE
from cowrite.catalog.known import KnownModel
from cowrite.catalog.memory import SMALLEST_CONTEXT, estimate
from cowrite.errors import ModelError, UsageError
from cowrite.hub.download import cannot_write, fetch, settle, waiting
from cowrite.hub.listing import Offer, look_up
from cowrite.hub.source import Address, HubFile
from cowrite.hub.web import Web, host_of
from cowrite.paths import Paths, private_folder, refused_locks


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to get, from which hub. name: what to call it, None for its file's. sha256: what it has to have,
    empty for what the hub says. known: what is known of it. anyway: also where it is too large for
    this machine's memory."""

    source: HubFile | Address
    hub: str
    name: str | None = None
    sha256: str = ""
    known: KnownModel | None = None
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Pulled:
    """A model that is here. fresh: whether it came now. compared: whether its sha256 was known before."""

    card: Card
    fresh: bool
    compared: bool


def pull(web: Web, wanted: Wanted, paths: Paths, progress: Progress) -> Pulled:
    """Get a model and make it known. Tells through `web.tell` where it goes before it does.

    Raises ModelError and UsageError; what has come of the file is then kept for the next time, if it can be
    gone on with.
    """
    web.tell(f"Asking {host_of(_address(wanted))} about {_what(wanted)}.")
    offer = _with_digest(look_up(web, wanted.source, wanted.hub), wanted.sha256)
    name = adding.named(wanted.name, Path(offer.files[0].name))
    compared = all(file.sha256 for file in offer.files)
    known = cards(paths).get(name)
    if known is not None:
        if compared and known.sha256 == offer.files[0].sha256 and Path(known.path).is_file():
            return Pulled(known, fresh=False, compared=True)
        raise UsageError(f"There is a model '{name}' already.", "Choose another name with --name.")
    if not wanted.anyway:
        _check_machine(offer, name)
    folder = private_folder(private_folder(private_folder(paths.models) / adding.DOWNLOADS) / name)
    with _alone(folder, name):
        _check_disk(offer, folder)
        _tell(web, offer, folder)
        card = _get(web, offer, folder, name, wanted.known, paths, progress)
    return Pulled(card, fresh=True, compared=compared)


def _address(wanted: Wanted) -> str:
    return wanted.source.url if isinstance(wanted.source, Address) else wanted.hub


def _what(wanted: Wanted) -> str:
    return "a file" if isinstance(wanted.source, Address) else wanted.source.repo


def _with_digest(offer: Offer, sha256: str) -> Offer:
    """The offer with what the writer says that it has to have."""
    if not sha256:
        return offer
    first = offer.files[0]
    if first.sha256 not in ("", sha256):
        raise ModelError(
            f"{first.name} has another sha256 there than was asked for: {first.sha256}.",
            "It has changed, or is another file. Nothing was downloaded.",
        )
    return replace(offer, files=(replace(first, sha256=sha256), *offer.files[1:]))


def _check_machine(offer: Offer, name: str) -> None:
    """Refuse before the first byte what could not be run here."""
    if offer.architecture and not knows_architecture(offer.architecture):
        raise ModelError(
            f"{name} has the architecture '{offer.architecture[:60]}', which this llama.cpp does not know.",
            "pip install -U llama-cpp-python may bring one that does; --anyway downloads it all the same.",
        )
    free = free_memory()
    need = estimate(offer.size, GgufFacts(""), SMALLEST_CONTEXT).total
    if free is not None and need > free:
        raise ModelError(
            f"{name} needs more than {need / 1e9:.1f} GB of memory, {free / 1e9:.1f} GB are free.",
            "Choose a smaller one; --anyway downloads it all the same.",
        )


def _check_disk(offer: Offer, folder: Path) -> None:
    here = sum(waiting(folder / file.name, file) for file in offer.files)
    free = shutil.disk_usage(folder).free
    if free < offer.size - here + SPARE:
        raise ModelError(
            f"The disk is too full: {(offer.size - here) / 1e6:,.0f} MB are to come into {folder}, "
            f"{free / 1e6:,.0f} MB are free.",
            "Free some space, or set COWRITE_HOME to a folder on another disk.",
        )


def _tell(web: Web, offer: Offer, folder: Path) -> None:
    first = offer.files[0]
    hosts = ", ".join(dict.fromkeys(file.host for file in offer.files))
    parts = f" in {len(offer.files)} parts" if len(offer.files) > 1 else ""
    here = sum(waiting(folder / file.name, file) for file in offer.files)
    rest = f", of which {here / 1e6:,.0f} MB are here" if here else ""
    web.tell(f"{first.name}{parts}: {offer.size / 1e6:,.0f} MB from {hosts}{rest}, to {folder}")


def _get(
    web: Web,
    offer: Offer,
    folder: Path,
    name: str,
    known: KnownModel | None,
    paths: Paths,
    progress: Progress,
) -> Card:
    before, digests, placed = 0, [], []
    for file in offer.files:
        target = folder / file.name

        def done(count: int, before: int = before) -> None:
            progress(before + count, offer.size)

        path, digest = fetch(web, file, target, done)
        placed.append((path, target))
        digests.append(digest)
        before += file.size
    first, target = placed[0][0], placed[0][1]
    try:
        for path, _ in placed:
            read_facts(path)
        facts = read_facts(first)
        if len(placed) == 1:
            check_fit(facts, target)
    except ModelError as error:
        for path, _ in placed:
            path.unlink(missing_ok=True)
            path.with_name(f"{path.name}.json").unlink(missing_ok=True)
        raise ModelError(
            error.message.replace(str(first), offer.files[0].name).replace(
                str(target), offer.files[0].name
            ),
            "Nothing of it was kept. Choose another file or repository.",
        ) from error
    for path, where in placed:
        settle(path, where)
    check_fit(facts, target)
    found = target.stat()
    remember(Stamp(str(target), found.st_size, found.st_mtime_ns, digests[0], facts), paths)
    card = adding.card_for(name, target, found.st_size, digests[0], facts)
    card = msgspec.structs.replace(
        card, source=offer.source, commit=offer.commit, licence=offer.licence or card.licence
    )
    if known is not None:
        card = _as_known(card, known)
    adding.write(card, paths)
    return card


def _as_known(card: Card, known: KnownModel) -> Card:
    """A card with what is known of its model: some base models have a chat template in their files, too."""
    said = {name: getattr(known, name) for name in ("licence", "terms", "kind", "notes", "chat")}
    return msgspec.structs.replace(card, title=known.title, **said)


@contextmanager
def _alone(folder: Path, name: str) -> Iterator[None]:
    """Hold the model's folder: two downloads of one file would be in each other's way. Where no lock can be had
    it goes without."""
    if "flock" in refused_locks(folder):
        yield
        return
    lock = FileLock(folder / ".lock", timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise ModelError(
            f"{name} is being downloaded by another cowrite.", "Wait for that one."
        ) from error
    except OSError as error:
        raise cannot_write(error, folder) from error
    try:
        yield
    finally:
        lock.release()
