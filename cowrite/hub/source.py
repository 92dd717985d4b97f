"""What `models pull` is told to get: a repository of a hub, or an address; and which hub with which token."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import unquote

from cowrite.core.printable import printable
from cowrite.errors import ModelError, UsageError
from cowrite.hub.web import is_loopback, origin_of, parts_of, shown
from cowrite.paths import expanded

HUB = "https://huggingface.co"
_MOST_TOKEN = 1000
_REPO = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}")
_REVISION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_FORM = "hf:OWNER/REPO, hf:OWNER/REPO:FILE.gguf, and @REVISION behind it"


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a repository. file: a path in it, or the name of a quantisation; empty for the usual one."""

    repo: str
    file: str = ""
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class Address:
    """A file anywhere, by its URL."""

    url: str


def read_source(text: str) -> HubFile | Address:
    """What the words mean. Raises UsageError, which says what can be given."""
    text = text.strip()
    if text.startswith("hf:"):
        return _hub_file(text[3:])
    parts = parts_of(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"'{printable(text)[:200]}' is no model's name or address.", f"Give {_FORM}; or a URL."
        )
    if "@" in parts.netloc:
        raise UsageError("The address has a name or a password in it.", "Give it without.")
    if any(ord(c) <= 32 or ord(c) >= 127 for c in text):
        raise UsageError(
            f"{shown(text)} is no address: it has spaces or signs in it.",
            "Write them as %20 and so on.",
        )
    _check_port(text)
    found = re.fullmatch(r"/([^/]+/[^/]+)/(?:resolve|blob)/([^/]+)/(.+)", parts.path)
    if found and origin_of(text) in (origin_of(hub()), origin_of(HUB)):
        repo, revision, file = (unquote(part) for part in found.groups())
        return _checked(HubFile(repo, file, revision), text)
    return Address(text)


def _check_port(url: str) -> None:
    try:
        origin_of(url)
    except ModelError as error:
        raise UsageError(error.message, "Its port is no port.") from error


def _hub_file(text: str) -> HubFile:
    rest, _, revision = text.partition("@")
    repo, _, file = rest.partition(":")
    return _checked(HubFile(repo, file, revision or "main"), f"hf:{text}")


def _checked(found: HubFile, text: str) -> HubFile:
    parts = found.file.split("/")
    odd = found.file != printable(found.file) or len(found.file) > 500 or "\\" in found.file
    wrong = odd or (found.file and any(part in ("", ".", "..") for part in parts))
    fits = _REPO.fullmatch(found.repo) and _REVISION.fullmatch(found.revision)
    if wrong or not fits or ".." in found.repo or ".." in found.revision:
        raise UsageError(f"'{printable(text)[:200]}' names no file of a hub.", f"Give {_FORM}.")
    return found


def hub() -> str:
    """The address of the hub: `HF_ENDPOINT`, or the usual one. Raises UsageError where it is no address."""
    said = os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or HUB
    parts = parts_of(said)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise UsageError(f"HF_ENDPOINT is no address: {shown(said)}")
    return said


def check_online() -> None:
    """Raises ModelError where the environment says that nothing shall be fetched."""
    if os.environ.get("HF_HUB_OFFLINE", "").strip().upper() in ("1", "ON", "YES", "TRUE"):
        raise ModelError("HF_HUB_OFFLINE is set: nothing is downloaded.", "Unset it to download.")


def token_of(hub_url: str) -> str:
    """The writer's token for the hub, empty where there is none: `HF_TOKEN`, or the file that the hub's own
    tools keep it in. Never given where it could be read on its way.

    Raises ModelError where it is none.
    """
    if not (hub_url.startswith("https:") or is_loopback(hub_url)):
        return ""
    token = (os.environ.get("HF_TOKEN") or _kept_token()).strip()
    if len(token) > _MOST_TOKEN or not re.fullmatch(r"[!-~]*", token):
        raise ModelError(
            "The token for the hub has signs that no token has.",
            "Look at HF_TOKEN, or at its file.",
        )
    return token


def _kept_token() -> str:
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{cache}/huggingface"
    try:
        path = expanded(os.environ.get("HF_TOKEN_PATH") or f"{home}/token")
        with path.open("rb") as file:
            return file.read(_MOST_TOKEN + 100).decode("utf-8", "replace")
    except (OSError, UsageError):
        return ""
