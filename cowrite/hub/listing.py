"""What there is to download: a hub's repository or an address, down to files with size and sha256.

The hub's paths are `/api/models/OWNER/REPO/revision/REV?blobs=true`, which says the commit and lists the files,
and `/OWNER/REPO/resolve/COMMIT/FILE`, which redirects to the file and says `X-Linked-Etag`, `X-Linked-Size` and
`X-Repo-Commit` on the way.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import msgspec
from msgspec import Struct

from cowrite.core.printable import printable
from cowrite.errors import ModelError, UsageError
from cowrite.hub.refusals import refused
from cowrite.hub.source import Address, HubFile
from cowrite.hub.web import CUT, Answer, Web, host_of, is_loopback, origin_of, shown, unreachable

_MOST_LISTING = 20 << 20
_LISTING_S = 60.0
_MOST_PARTS = 200
_USUAL = "q4_k_m"
"""The quantisation that is taken where a repository has several, as other programs do."""
_SPLIT = re.compile(r"-(\d{5})-of-(\d{5})\.gguf\Z")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file to get. size: bytes. sha256: empty where nobody says it. host: where its bytes come from."""

    url: str
    name: str
    size: int
    sha256: str
    host: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as it is offered: its files (several where it is split), and what the hub says of it."""

    files: tuple[RemoteFile, ...]
    source: str
    commit: str = ""
    licence: str = ""
    architecture: str = ""

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(file.size for file in self.files)


class _Lfs(Struct):
    sha256: str = ""


class _Sibling(Struct):
    rfilename: str
    size: int | None = None
    lfs: _Lfs | None = None


class _Gguf(Struct):
    architecture: str = ""


class _CardData(Struct):
    license: str | list[str] | None = None
    license_name: str | None = None


class _Listing(Struct):
    sha: str
    siblings: list[_Sibling] = []
    gguf: _Gguf | None = None
    cardData: _CardData | None = None  # noqa: N815  the hub's name
    gated: bool | Literal["auto", "manual"] = False


def look_up(web: Web, source: HubFile | Address, hub: str) -> Offer:
    """What a source offers now. Connects. Raises ModelError and UsageError that say why it offers nothing."""
    if isinstance(source, Address):
        return _at(web, source)
    api = f"{hub}/api/models/{source.repo}/revision/{quote(source.revision, safe='')}?blobs=true"
    listing = _listing(web, api, source, hub)
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", listing.sha):
        raise ModelError(f"{host_of(hub)} does not say which commit {source.repo} is at.")
    chosen = _choose(listing.siblings, source)
    files = tuple(_hub_file(web, one, source, listing.sha, hub) for one in chosen)
    card = listing.cardData or _CardData()
    licence = card.license if isinstance(card.license, str) else ", ".join(card.license or [])
    place = f"{hub}/{source.repo}/blob/{listing.sha}/{quote(chosen[0].rfilename)}"
    known = card.license_name if licence in ("", "other") and card.license_name else licence
    architecture = listing.gguf.architecture if listing.gguf else ""
    return Offer(files, place, listing.sha, printable(known)[:200], architecture)


def _listing(web: Web, api: str, source: HubFile, hub: str) -> _Listing:
    answer = web.ask(api)
    try:
        if answer.status != 200:
            raise refused(answer, source.repo, source.revision, has_token=bool(web.token))
        return msgspec.json.decode(_read(answer), type=_Listing)
    except msgspec.DecodeError as error:
        raise ModelError(
            f"{host_of(hub)} does not answer as a hub does.", "Is HF_ENDPOINT the address of one?"
        ) from error
    finally:
        answer.close()


def _read(answer: Answer) -> bytes:
    """A small body, whole. Raises ModelError where it has no end."""
    out = bytearray()
    until = time.monotonic() + _LISTING_S
    try:
        while chunk := answer.body.read(1 << 16):
            out += chunk
            if len(out) > _MOST_LISTING or time.monotonic() > until:
                raise ModelError(
                    f"{host_of(answer.url)} answers without an end.", "Try again later."
                )
    except CUT as error:
        raise unreachable(answer.url, error) from error
    return bytes(out)


def _choose(siblings: list[_Sibling], source: HubFile) -> list[_Sibling]:
    """The file that is meant, with all its parts. Raises UsageError that lists what there is."""
    models = [s for s in siblings if s.rfilename.lower().endswith(".gguf")]
    heads = [s for s in models if "mmproj" not in s.rfilename.lower() and _number(s.rfilename) == 1]
    if not heads:
        raise ModelError(
            f"{source.repo} has no GGUF file at {source.revision}.",
            "Look for a repository whose name ends in GGUF.",
        )
    exact = [s for s in models if s.rfilename == source.file]
    wanted = (source.file or _USUAL).lower()
    found = exact or [s for s in heads if _says(wanted, s.rfilename)]
    if not source.file and len(heads) == 1:
        found = heads
    if len(found) != 1:
        names = "\n".join(f"  {printable(s.rfilename)[:200]}" for s in heads[:40])
        what = f"has no one file '{source.file}'" if source.file else "has several models"
        raise UsageError(f"{source.repo} {what}.", f"Say which, as hf:{source.repo}:FILE\n{names}")
    return _with_parts(found[0], models)


def _says(wanted: str, name: str) -> bool:
    """Whether a file's name has this as a word of its own: `q4_k_m`, not within `iq4_k_m`."""
    return re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9_])", name.lower()) is not None


def _number(name: str) -> int:
    split = _SPLIT.search(name)
    return int(split[1]) if split else 1


def _with_parts(first: _Sibling, models: list[_Sibling]) -> list[_Sibling]:
    names = _part_names(first.rfilename)
    by_name = {s.rfilename: s for s in models}
    if missing := [name for name in names if name not in by_name]:
        raise ModelError(
            f"The model is in {len(names)} parts, and the hub lacks {printable(missing[0])}."
        )
    return [by_name[name] for name in names]


def _part_names(name: str) -> list[str]:
    """The names of all parts of a model, by that of one of them; only its own where it is whole."""
    split = _SPLIT.search(name)
    if split is None:
        return [name]
    count = int(split[2])
    if not 1 <= int(split[1]) <= count <= _MOST_PARTS:
        raise ModelError(f"{printable(name)[:200]} has a name that parts don't have.")
    return [f"{name[: split.start()]}-{n:05}-of-{count:05}.gguf" for n in range(1, count + 1)]


def _hub_file(web: Web, one: _Sibling, source: HubFile, commit: str, hub: str) -> RemoteFile:
    url = f"{hub}/{source.repo}/resolve/{commit}/{quote(one.rfilename)}"
    found = _probe(web, url, source.repo, source.revision)
    moved = found.said.get("commit", "")
    if moved and moved != commit:
        raise ModelError(
            f"{host_of(hub)} gives another commit of {source.repo} than was asked for."
        )
    digest, listed = found.sha256, (one.lfs.sha256.lower() if one.lfs else "")
    if digest and listed and digest != listed:
        raise ModelError(
            f"{host_of(hub)} names two sha256 for {printable(one.rfilename)}.", "Try again later."
        )
    return RemoteFile(url, local_name(one.rfilename), found.size, digest or listed, found.host)


def _at(web: Web, source: Address) -> Offer:
    parts = urlsplit(source.url)
    names = _part_names(unquote(parts.path))
    files = []
    for name in names:
        url = source.url if len(names) == 1 else urlunsplit(parts._replace(path=quote(name)))
        found = _probe(web, url, shown(url), "")
        files.append(RemoteFile(url, local_name(name), found.size, found.sha256, found.host))
    return Offer(tuple(files), shown(source.url))


def local_name(name: str) -> str:
    """What a file is called here: the last part of its name there, with a `-` for what some disk may not take.

    Raises ModelError where that is no name for a model's file.
    """
    last = PurePosixPath(name).name
    stem = re.sub(r"[^\w .+()-]+", "-", last[:-5], flags=re.ASCII).strip(" .-")[:190]
    hidden = last.startswith(".") or last != printable(last)
    if hidden or not last.lower().endswith(".gguf"):
        raise ModelError(
            f"'{printable(last)[:200]}' is no name for a model's file: it has to end in .gguf."
        )
    return f"{stem or 'model'}.gguf"


@dataclass(frozen=True, slots=True)
class _Probed:
    size: int
    sha256: str
    host: str
    said: dict[str, str]


def _probe(web: Web, url: str, what: str, revision: str) -> _Probed:
    """Ask for a file's first bytes: who gives it, how long it is, and whether it is a GGUF file at all."""
    if url.startswith("http:") and not is_loopback(url):
        web.tell(
            f"{host_of(url)} is asked without encryption: others can see and change what comes."
        )
    answer = web.ask(url, {"Range": "bytes=0-3"})
    try:
        if answer.status not in (200, 206):
            raise refused(answer, what, revision, has_token=bool(web.token))
        size = length_of(answer)
        start = answer.body.read(4)
    except CUT as error:
        raise unreachable(answer.url, error) from error
    finally:
        answer.close()
    if start != b"GGUF":
        raise ModelError(
            f"What {host_of(answer.url)} gives is no GGUF file.", "Is it the address of a page?"
        )
    origin = origin_of(url)
    etag = answer.said_by(origin, "X-Linked-Etag").removeprefix("W/").strip('"').lower()
    linked = answer.said_by(origin, "X-Linked-Size")
    if linked.isascii() and linked.isdigit() and int(linked[:18]) != size:
        raise ModelError(
            f"{host_of(answer.url)} has another length of {what} than {host_of(url)} says."
        )
    digest = etag if re.fullmatch(r"[0-9a-f]{64}", etag) else ""
    said = {"commit": answer.said_by(origin, "X-Repo-Commit")}
    return _Probed(size, digest, host_of(answer.url), said)


def length_of(answer: Answer) -> int:
    """Bytes of the whole file by an answer, in part or whole. Raises ModelError where it does not say."""
    text = answer.header("Content-Length") if answer.status == 200 else ""
    if answer.status == 206:
        text = answer.header("Content-Range").rpartition("/")[2]
    if answer.header("Content-Encoding").lower() not in ("", "identity"):
        text = ""
    if not (text.isascii() and text.isdigit() and int(text[:18]) > 0):
        raise ModelError(
            f"{host_of(answer.url)} does not say how long the file is.", "Get it by other means."
        )
    return int(text[:18])
