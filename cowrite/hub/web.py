"""Asking a server: redirects, a token that only its own host gets, patience, and troubles as sentences.

`urllib.request` of the standard library makes the connections: it knows proxies and certificates. Redirects are
followed here and not there, since it would send the token on to any host.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from ipaddress import ip_address
from typing import IO, Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from cowrite import __version__
from cowrite.core.printable import printable
from cowrite.core.retry_after import retry_after
from cowrite.errors import ModelError

STALL_S = 30.0
"""Seconds without a byte after which a connection counts as cut."""
MOST_HOPS = 8
TRIES = 5
LONGEST_WAIT_S = 120.0
"""Seconds that a server may ask to wait before it is asked again in the same run."""
BUSY = (429, 500, 502, 503, 504)
CUT = (OSError, http.client.HTTPException)
"""What a connection that breaks raises, TimeoutError and ssl.SSLError among them."""

_MOVED = (301, 302, 303, 307, 308)


class UnreachableError(ModelError):
    """A server can't be reached, or the connection was cut."""


@dataclass(slots=True)
class Answer:
    """What a server has answered: status, headers and a body to read from. `hops` are the addresses on the way
    with their headers, the answer's own last."""

    status: int
    body: IO[bytes]
    hops: list[tuple[str, Message]]

    @property
    def url(self) -> str:
        return self.hops[-1][0]

    def header(self, name: str) -> str:
        """A header of the last answer, empty where it has none."""
        return str(self.hops[-1][1].get(name, ""))

    def said_by(self, origin: str, name: str) -> str:
        """A header that this origin has given on the way; other hosts aren't believed."""
        for url, headers in self.hops:
            if origin_of(url) == origin and name in headers:
                return str(headers[name])
        return ""

    def close(self) -> None:
        """End the connection, whatever is left to read."""
        self.body.close()


def parts_of(url: str) -> SplitResult:
    """The parts of an address, all empty where it can't be one."""
    try:
        return urlsplit(url)
    except ValueError:  # such as an unfinished IPv6 address
        return urlsplit("")


def origin_of(url: str) -> str:
    """Scheme, host and port of an address: who would read a token sent to it. Raises ModelError."""
    parts = parts_of(url)
    try:
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError as error:
        raise ModelError(f"{shown(url)} is no address.") from error
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def host_of(url: str) -> str:
    """The host of an address, as it is shown."""
    return printable(parts_of(url).hostname or "nowhere")[:200]


def shown(url: str) -> str:
    """An address as it may be shown and kept: without what may be a secret in it (name, password, query)."""
    parts = parts_of(url)
    host = parts.netloc.rpartition("@")[2]
    return printable(f"{parts.scheme}://{host}{parts.path}")[:500]


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    host = parts_of(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: `Web` does."""

    def redirect_request(self, *args: Any) -> None:  # noqa: ARG002
        return None


def _silent(_text: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Web:
    """Asks servers. token: sent to `token_origin` alone. tell: takes sentences for the reader who waits."""

    token: str = ""
    token_origin: str = ""
    tell: Callable[[str], object] = _silent
    sleep: Callable[[float], object] = time.sleep
    stall: float = STALL_S
    _plain: urllib.request.OpenerDirector = field(init=False)
    _proxied: urllib.request.OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        self._plain = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
        self._proxied = urllib.request.build_opener(_Stay)

    def ask(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """GET an address, through its redirects. A server that is busy is asked again after a while.

        Raises UnreachableError, and ModelError where the redirects go astray; any status is an answer.
        """
        for number in range(1, TRIES + 1):
            answer = self._follow(url, headers or {})
            if answer.status not in BUSY or number == TRIES:
                break
            wait = retry_after(answer.header("Retry-After"), time.time())
            wait = 2.0 ** (number - 1) if wait is None else wait
            if wait > LONGEST_WAIT_S:
                break
            answer.close()
            self.tell(f"{host_of(answer.url)} is busy: asking again in {wait:.0f} s.")
            self.sleep(wait)
        return answer

    def _follow(self, url: str, headers: Mapping[str, str]) -> Answer:
        hops: list[tuple[str, Message]] = []
        for _ in range(MOST_HOPS):
            status, found, body = self._once(url, headers)
            hops.append((url, found))
            place = str(found.get("Location", ""))
            if status not in _MOVED or not place:
                return Answer(status, body, hops)
            body.close()
            url = _moved(url, place)
        raise ModelError(f"{host_of(url)} sends in circles.", "Try again later.")

    def _once(self, url: str, headers: Mapping[str, str]) -> tuple[int, Message, IO[bytes]]:
        said = {"User-Agent": f"cowrite/{__version__}", "Accept-Encoding": "identity", **headers}
        request = urllib.request.Request(url, headers=said)
        if self.token and origin_of(url) == self.token_origin:
            request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        opener = self._plain if is_loopback(url) else self._proxied
        try:
            answer = opener.open(request, timeout=self.stall)
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error
        except urllib.error.URLError as error:
            reason = error.reason if isinstance(error.reason, OSError) else error
            raise unreachable(url, reason) from error
        except (*CUT, ValueError) as error:
            raise unreachable(url, error) from error
        return answer.status, answer.headers, answer


def _moved(url: str, place: str) -> str:
    """Where a redirect goes. Raises ModelError where that is less safe than where it came from."""
    # http.client reads headers as Latin-1: so the bytes that came are quoted, whatever their encoding was
    raw = place.encode("latin-1", "replace")
    try:
        new = urljoin(url, quote(raw, safe="%/:=&?~#+!$,;'@()*[]"))
    except ValueError as error:
        raise ModelError(f"{host_of(url)} sends to what is no address.") from error
    parts = parts_of(new)
    safe = parts.scheme == "https" or (parts.scheme == "http" and not url.startswith("https:"))
    if not safe or not parts.hostname:
        raise ModelError(f"{host_of(url)} sends to {shown(new)}, which is not safe.")
    return new


def unreachable(url: str, error: BaseException) -> UnreachableError:
    """What broke, in a sentence."""
    host = host_of(url)
    if via := _proxy_of(url):
        host = f"{host}, through the proxy {via},"
    if isinstance(error, ssl.SSLCertVerificationError):
        return UnreachableError(
            f"{host} can't prove that it is {host_of(url)}: {error.verify_message}.",
            "Is the clock right? A proxy's certificate is given with SSL_CERT_FILE.",
        )
    if isinstance(error, socket.gaierror):
        return UnreachableError(
            f"{host} can't be found: there is no network, or no such host.",
            "Try again when there is. A model can be carried here as a file: `cowrite models add PATH`.",
        )
    if isinstance(error, TimeoutError):
        return UnreachableError(f"{host} does not answer.", "Try again later.")
    what = error.strerror if isinstance(error, OSError) and error.strerror else ""
    what = what or "the connection was cut"
    return UnreachableError(f"{host} can't be reached: {printable(what)}.", "Try again later.")


def _proxy_of(url: str) -> str:
    """The host of the proxy that an address is asked through, empty where there is none."""
    if is_loopback(url) or urllib.request.proxy_bypass(parts_of(url).hostname or ""):
        return ""
    return host_of(urllib.request.getproxies().get(parts_of(url).scheme, "//")).replace(
        "nowhere", ""
    )
