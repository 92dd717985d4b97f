"""One request over HTTP and its answer line by line: bounded, without redirects, ended at once from outside.

The standard library's client is enough: connections are few, and each ends with its answer, so that closing it
is what stops the server's work.
"""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import cowrite
from cowrite.engine.remote.address import Address, is_here
from cowrite.engine.remote.faults import Fault, refused, unreachable

CONNECT = 10.0
SILENCE = 90.0
"""Seconds for a connection, and for any single read; `Answering` is stricter where text has begun."""

LONGEST_LINE = 1 << 20
LARGEST = 32 << 20
"""Bytes of one line, and of one whole answer."""

_ERROR_BYTES = 64 << 10
_SAID = 200
"""Characters of what a server says of an error that are passed on."""


class Exchange:
    """One request and its answer. `stop` may be called from any thread, also before it has begun."""

    def __init__(self, address: Address, key: str) -> None:
        self._address, self._key = address, key
        self._stopped = threading.Event()
        self._socket: socket.socket | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._response: http.client.HTTPResponse | None = None

    @property
    def stopped(self) -> bool:
        """Whether nobody wants the answer any more."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End it: whoever reads the answer finds its end, and the server that nobody listens."""
        self._stopped.set()
        if (sock := self._socket) is not None:
            with suppress(OSError):
                # Of the plain socket: a goodbye of TLS would wait for what is being read.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Give the connection back."""
        for part in (self._response, self._connection):
            if part is not None:
                with suppress(OSError, http.client.HTTPException, ValueError):
                    part.close()

    def open(self, path: str, body: dict[str, Any] | None = None) -> str:
        """Ask, and return the answer's content type. Raises Fault where there is no success."""
        try:
            self._send(path, body)
            response = self._response
            assert response is not None
            if 200 <= response.status < 300:
                return response.getheader("Content-Type", "").partition(";")[0].strip().lower()
            said = response.read(_ERROR_BYTES)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise unreachable(error, self._address) from None
        to = response.getheader("Location", "")
        wait = response.getheader("Retry-After", "")
        raise refused(response.status, _reason(said, self._key), self._address, wait, _host_of(to))

    def _send(self, path: str, body: dict[str, Any] | None) -> None:
        address = self._address
        connection, target = _connection(address, path)
        self._connection = connection
        connection.connect()
        sock = self._socket = connection.sock
        if self.stopped:
            raise ConnectionAbortedError
        if address.here and not is_here(sock.getpeername()[0]):
            raise ConnectionRefusedError  # a name of this machine that leads to another one
        sock.settimeout(SILENCE)
        headers = {"User-Agent": f"cowrite/{cowrite.__version__}", "Connection": "close"}
        if proxy := getattr(connection, "proxy_authorization", ""):
            headers["Proxy-Authorization"] = proxy
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        if body is None:
            connection.request("GET", target, headers=headers)
        else:
            headers |= {"Content-Type": "application/json", "Accept": "text/event-stream"}
            connection.request("POST", target, json.dumps(body).encode(), headers)
        self._response = connection.getresponse()

    def lines(self) -> Iterator[bytes]:
        """The answer's lines. Raises Fault where it is cut, or has more than anybody asks for."""
        response, size = self._response, 0
        assert response is not None
        while True:
            try:
                line = response.readline(LONGEST_LINE)
            except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
                if self.stopped:
                    return
                raise unreachable(error, self._address) from None
            size += len(line)
            if len(line) >= LONGEST_LINE or size > LARGEST:
                place = self._address.place
                raise Fault(
                    f"{place} sent more than any answer is long.", "Its own log may say why."
                )
            if not line:
                return
            yield line

    def read(self) -> bytes:
        """All of the answer. Raises Fault."""
        return b"".join(self.lines())


def _connection(address: Address, path: str) -> tuple[http.client.HTTPConnection, str]:
    """A connection that is not made yet, by the environment's proxy where there is one, and what to ask."""
    where, timeout = (address.host, address.port), CONNECT
    proxy = None if address.here else _proxy(address)
    if proxy is None:
        if address.secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(*where, timeout=timeout, context=context), path
        return http.client.HTTPConnection(*where, timeout=timeout), path
    parts = urlsplit(proxy)
    by = (parts.hostname or "", parts.port or 80)
    pass_by = _basic(parts.username, parts.password)
    if address.secure:
        context = ssl.create_default_context()
        secure = http.client.HTTPSConnection(*by, timeout=timeout, context=context)
        secure.set_tunnel(*where, headers={"Proxy-Authorization": pass_by} if pass_by else {})
        return secure, path
    plain = http.client.HTTPConnection(*by, timeout=timeout)
    plain.proxy_authorization = pass_by  # type: ignore[attr-defined]
    return plain, f"http://{address.place}{path}"


def _proxy(address: Address) -> str | None:
    if proxy_bypass(f"{address.host}:{address.port}"):
        return None
    proxies = getproxies()
    found = proxies.get("https" if address.secure else "http") or proxies.get("all")
    if not found:
        return None
    return found if "://" in found else f"http://{found}"


def _basic(name: str | None, password: str | None) -> str:
    if name is None:
        return ""
    both = f"{unquote(name)}:{unquote(password or '')}".encode()
    return f"Basic {base64.b64encode(both).decode()}"


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _reason(data: bytes, key: str) -> str:
    """What a server says of an error, in one short line without the key; empty where it is nothing to read."""
    text = data.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        said = json.loads(text)
        for name in ("error", "message", "detail"):
            if isinstance(said, dict) and name in said:
                said = said[name]
        text = said if isinstance(said, str) else ""
    if text.lstrip().startswith("<"):
        return ""
    text = text.replace(key, "…") if key else text
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= _SAID else words[: _SAID - 1] + "…"
