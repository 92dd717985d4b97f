"""Where a server is: the address that the writer has set, checked, and how it is called on the screen.

The draft leaves the machine for such an address, so what is not plainly this machine is somewhere else.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from cowrite.errors import ModelError

THIS_MACHINE = "this machine"

NEVER = "never"
"""What stands in the place of an address where a project's drafts must not leave the machine."""

_HINT = "For instance: cowrite config set engine.remote http://127.0.0.1:8080"


@dataclass(frozen=True, slots=True)
class Address:
    """A server. path: what all its paths begin with, such as `/v1`; secure: spoken to by TLS."""

    host: str
    port: int
    path: str
    secure: bool

    @property
    def here(self) -> bool:
        """Whether it is this machine's loopback, by its name."""
        return is_here(self.host)

    @property
    def place(self) -> str:
        """Host and port; the port is left out where it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"

    @property
    def label(self) -> str:
        """How the writer knows it: this machine, or the host's name."""
        return THIS_MACHINE if self.here else self.host

    @property
    def root(self) -> str:
        """The path in front of `/v1`."""
        return self.path.removesuffix("/v1")


def is_here(host: str) -> bool:
    """Whether a host's name or number is this machine's loopback: 127.0.0.0/8, ::1, localhost."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(number, "ipv4_mapped", None)
    return number.is_loopback or (mapped is not None and mapped.is_loopback)


def address_of(url: str, *, plain_http: bool = False) -> Address:
    """The address that a setting says. plain_http: allow that the draft goes elsewhere unencrypted.

    Raises ModelError with a sentence, which never repeats what may be a password.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ModelError("engine.remote is not an address.", _HINT) from None
    if parts.scheme not in ("http", "https") or not host or not _speakable(host):
        raise ModelError("engine.remote must be an address with http:// or https://.", _HINT)
    if parts.username is not None or parts.password is not None:
        raise ModelError(
            "engine.remote must not hold a name or a password.",
            "Put the key into a file that only you can read, and set engine.remote_key_file.",
        )
    if parts.query or parts.fragment or not parts.path.isprintable() or " " in parts.path:
        raise ModelError("engine.remote must end with its path, such as /v1.", _HINT)
    secure = parts.scheme == "https"
    if not secure and not is_here(host) and not plain_http:
        raise ModelError(
            f"{host} would get the draft unencrypted, by http.",
            "Use https, or a tunnel to this machine; or allow it: "
            "cowrite config set engine.remote_plain_http true",
        )
    path = parts.path.rstrip("/")
    path = path if path.endswith("/v1") else f"{path}/v1"
    return Address(host, port or (443 if secure else 80), path, secure)


def _speakable(host: str) -> bool:
    return host.isascii() and host.isprintable() and not set(host) & set(" /\\@<>\"'")
