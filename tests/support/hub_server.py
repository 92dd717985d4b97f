"""A server on loopback that speaks a hub's paths, and misbehaves as it is told."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class HubServer:
    """files: by path in the repository `owner/repo`. Each list and flag below is one way to misbehave."""

    files: dict[str, bytes] = field(default_factory=dict)
    cdn: HubServer | None = None
    cuts: list[int] = field(default_factory=list)
    """After so many bytes of a body the connection is cut, once each."""
    busy: list[tuple[int, str]] = field(default_factory=list)
    """Statuses with their Retry-After that are answered first."""
    refuse: tuple[int, str] | None = None
    """A status with its X-Error-Code, for everything."""
    wrong_digest: str = ""
    wrong_linked_size: int = 0
    no_ranges: bool = False
    no_length: bool = False
    digests: bool = True
    etag: str = '"one"'
    listing: dict[str, Any] = field(default_factory=dict)
    redirect: str = ""
    stalls: bool = False
    endless: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def authorizations(self) -> list[str]:
        return [headers.get("Authorization", "") for _, headers in self.asked]

    def ranges(self) -> list[str]:
        return [headers.get("Range", "") for path, headers in self.asked if "/api/" not in path]


class _Handler(BaseHTTPRequestHandler):
    hub: HubServer

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        hub, path = self.hub, urlsplit(self.path).path
        hub.asked.append((path, dict(self.headers)))
        if hub.stalls:
            hub.release.wait(20)  # type: ignore[attr-defined]
            return None
        if hub.busy:
            status, wait = hub.busy.pop(0)
            return self.say(status, {"Retry-After": wait} if wait else {})
        if hub.refuse:
            return self.say(hub.refuse[0], {"X-Error-Code": hub.refuse[1]})
        if path.startswith("/api/models/owner/repo/revision/"):
            return self.listing(unquote(path.rpartition("/")[2]))
        name = unquote(path.removeprefix(f"/owner/repo/resolve/{COMMIT}/").removeprefix("/"))
        if name not in hub.files:
            return self.say(404, {"X-Error-Code": "EntryNotFound"})
        linked = {}
        if path.startswith("/owner/repo/"):
            digest = hub.wrong_digest or hashlib.sha256(hub.files[name]).hexdigest()
            size = hub.wrong_linked_size or len(hub.files[name])
            linked = {"X-Repo-Commit": COMMIT, "X-Linked-Size": str(size)}
            linked |= {"X-Linked-Etag": f'"{digest}"'} if hub.digests else {}
        if hub.redirect:
            return self.say(302, {"Location": hub.redirect})
        if linked and hub.cdn is not None:
            return self.say(302, {"Location": f"{hub.cdn.url}/{quote(name)}", **linked})
        return self.body(hub.files[name], linked)

    def listing(self, revision: str) -> None:
        hub = self.hub
        if revision not in ("main", COMMIT):
            return self.say(404, {"X-Error-Code": "RevisionNotFound"})
        rows = []
        for name, data in hub.files.items():
            row: dict[str, Any] = {"rfilename": name, "size": len(data)}
            if hub.digests:
                digest = hub.wrong_digest or hashlib.sha256(data).hexdigest()
                row["lfs"] = {"sha256": digest, "size": len(data)}
            rows.append(row)
        found = {"sha": COMMIT, "siblings": rows, "gated": False, "cardData": {"license": "mit"}}
        raw = json.dumps(found | hub.listing).encode()
        return self.say(200, {}, raw)

    def say(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self, data: bytes, headers: dict[str, str]) -> None:
        hub, start, asked = self.hub, 0, self.headers.get("Range", "")
        stop = len(data)
        fits = self.headers.get("If-Range", hub.etag) == hub.etag
        if asked and fits and not hub.no_ranges:
            first, _, last = asked.removeprefix("bytes=").partition("-")
            start, stop = int(first), min(int(last or len(data)) + 1, len(data))
            if start >= len(data):
                return self.say(416, {})
        self.send_response(206 if (start, stop) != (0, len(data)) else 200)
        if (start, stop) != (0, len(data)):
            self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{len(data)}")
        for name, value in {**headers, "ETag": hub.etag}.items():
            self.send_header(name, value)
        if not hub.no_length:
            self.send_header("Content-Length", str(stop - start))
        self.end_headers()
        part = data[start:stop]
        if hub.cuts and stop - start > 4:
            part = part[: hub.cuts.pop(0)]
        with suppress(ConnectionError):  # who has enough goes
            self.wfile.write(part)
            if hub.endless and stop - start > 4:
                self.wfile.write(b"\0" * 100_000)
            self.wfile.flush()
        self.close_connection = True
        return None


@contextmanager
def serving(hub: HubServer) -> Iterator[HubServer]:
    """The server, running in a thread on a port of its own; `url` is its address."""
    hub.release = threading.Event()  # type: ignore[attr-defined]
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.release.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()
