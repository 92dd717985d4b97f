"""A completion server that does as it is told, and mostly wrong: what a client of servers has to outlive.

`mode` says what `/v1/completions` does; what was asked is kept in `asked`, with who was hung up on in `left`.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

WORDS = [" a", " long", " way", " down", " the", " river."]


class Asked:
    """One request: its line, its headers in small letters, its body."""

    def __init__(self, line: str, headers: dict[str, str], body: dict[str, Any]) -> None:
        self.line, self.headers, self.body = line, headers, body


class Nasty:
    """The server. `url` is what `engine.remote` would say."""

    def __init__(self) -> None:
        self.mode = "good"
        self.models: dict[str, Any] = {"data": [{"id": "toy", "max_model_len": 2048}]}
        self.infill = "none"
        """What `/infill` does, by its name in INFILLS."""
        self.other = ""
        """Where `redirect` sends to."""
        self.asked: list[Asked] = []
        self.left = 0
        """Answers that nobody listened to till their end."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    @property
    def completions(self) -> list[Asked]:
        return [one for one in self.asked if one.line.startswith("POST")]

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError, ValueError):
            file = connection.makefile("rb")
            line = file.readline().decode("latin-1").strip()
            if not line:
                return
            headers: dict[str, str] = {}
            while (header := file.readline().decode("latin-1").strip()) != "":
                name, _, value = header.partition(":")
                headers[name.lower()] = value.strip()
            data = file.read(int(headers.get("content-length", 0)))
            asked = Asked(line, headers, json.loads(data) if data else {})
            self.asked.append(asked)
            if line.startswith("GET"):
                if line.split()[1] == "/v1/models":
                    send(connection, 200, json.dumps(self.models).encode(), "application/json")
                else:
                    send(connection, 404, b"", "text/plain")
                return
            modes, mode = (MODES, self.mode)
            if line.split()[1] == "/infill":
                modes, mode = (INFILLS, self.infill)
            try:
                modes[mode.partition(":")[0]](self, connection, asked.body)
            except OSError:
                self.left += 1


def send(
    connection: socket.socket, status: int, body: bytes, kind: str, more: str = "", size: int = -1
) -> None:
    size = len(body) if size < 0 else size
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n{more}\r\n"
    connection.sendall(head.encode() + body)


def begin(connection: socket.socket, kind: str = "text/event-stream") -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode())


def event(text: Any, index: Any = 0, finish: str | None = None, **more: Any) -> bytes:
    choice = {"text": text, "index": index, "finish_reason": finish, **more}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def _good(_s: Nasty, c: socket.socket, body: dict[str, Any]) -> None:
    begin(c)
    for word in WORDS:
        for index in range(body.get("n", 1)):
            one = {
                "tokens": [word],
                "token_logprobs": [-0.5],
                "top_logprobs": [{word: -0.5, " x": -2}],
            }
            c.sendall(event(f"{word}", index, logprobs=one))
    for index in range(body.get("n", 1)):
        c.sendall(event("", index, "stop"))
    c.sendall(b"data: [DONE]\n\n")


def _cut(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    c.sendall(event(" a long")[:-9])


def _cut_chunked(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    c.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    data = event(" a long")
    c.sendall(f"{len(data):x}\r\n".encode() + data + b"\r\nffff\r\ndata: {")


def _garbage(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    while True:
        c.sendall(b"data: \xff\x00{{{not json\n\n")


def _status(s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    status = int(s.mode.partition(":")[2])
    send(
        c,
        status,
        json.dumps({"error": {"message": "the server's own words"}}).encode(),
        "application/json",
    )


def _busy(s: Nasty, c: socket.socket, body: dict[str, Any]) -> None:
    if len(s.completions) < 3:
        send(c, 429, b"", "text/plain", "Retry-After: 0.05\r\n")
    else:
        _good(s, c, body)


def _busy_long(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    send(c, 503, b"", "text/plain", "Retry-After: 3600\r\n")


def _long_line(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    for _ in range(10):
        c.sendall(b"data: " + b"x" * (1 << 20))


def _endless(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    while True:
        c.sendall(event(" and on"))


def _comments(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    while True:
        c.sendall(b": still here\n\n" * 500)


def _html(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    send(c, 200, b"<html>Log in to the hotel's network</html>", "text/html")


def _no_done(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    c.sendall(event(" a quiet evening"))


def _redirect(s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    send(c, 307, b"", "text/plain", f"Location: {s.other}/v1/completions\r\n")


def _drip(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    while True:
        c.sendall(b"d")
        time.sleep(0.02)


def _utf8(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    c.sendall(b'data: {"choices": [{"index": 0, "text": " na\xefve \\ud800 words."}]}\n\n')
    c.sendall(event("", 0, "stop") + b"data: [DONE]\n\n")


def _odd(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    """Indices out of range and of the wrong kind, texts that are none, choices that are none."""
    begin(c)
    for index in (99, -1, "0", None, 10**30):
        c.sendall(event(" stray", index))
    for text in (None, 7, ["x"], {"y": 1}):
        c.sendall(event(text))
    c.sendall(b"data: []\n\ndata: {}\n\ndata: null\n\n" + b'data: {"choices": [1, null, "x"]}\n\n')
    c.sendall(b"data: " + b"[" * 5000 + b"\n\n")
    c.sendall(event(" well.", logprobs={"tokens": 3, "token_logprobs": None}))
    c.sendall(event("", 0, "stop", logprobs="no") + b"data: [DONE]\n\n")


def _error(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    c.sendall(b'data: {"error": {"message": "out of memory"}}\n\n')


def _whole(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    said = {"choices": [{"index": 0, "text": " all at once.", "finish_reason": "stop"}]}
    send(c, 200, json.dumps(said, indent=1).encode(), "application/json")


def _strict(s: Nasty, c: socket.socket, body: dict[str, Any]) -> None:
    if "min_p" in body:
        send(
            c,
            400,
            b'{"error": {"message": "Unrecognized request argument: min_p"}}',
            "application/json",
        )
    else:
        _good(s, c, body)


def _short(s: Nasty, c: socket.socket, body: dict[str, Any]) -> None:
    if len(body["prompt"]) > 3000:
        said = b'{"error": {"message": "This model\'s maximum context length is 1000 tokens"}}'
        send(c, 400, said, "application/json")
    else:
        _good(s, c, body)


def _one(s: Nasty, c: socket.socket, body: dict[str, Any]) -> None:
    _good(s, c, {**body, "n": 1})


def _no_spaces(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    c.sendall(event("quiet") + event(" evening.") + event("", 0, "stop") + b"data: [DONE]\n\n")


def _silent(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    c.settimeout(30)
    if not c.recv(1):
        raise OSError("nobody waits")


def _headers(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    c.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 5000 + b"\r\n")


def _no_http(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    c.sendall(b"SSH-2.0-OpenSSH_9.9\r\n")


def _slow(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    begin(c)
    for _ in range(500):
        c.sendall(event(" word"))
        time.sleep(0.05)


def _no_path(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    send(c, 404, b'{"error": {"message": "File Not Found", "code": 404}}', "application/json")


def _not_made_for_it(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    said = {"message": "Infill is not supported by this model", "type": "not_supported_error"}
    send(c, 501, json.dumps({"error": said}).encode(), "application/json")


def _native(_s: Nasty, c: socket.socket, body: dict[str, Any]) -> None:
    """Events in llama-server's own form."""
    begin(c)
    for word in WORDS[:3]:
        for index in range(body.get("n", 1)):
            top = [{"token": word, "logprob": -0.5}, {"token": " x", "logprob": -2}]
            one = {"token": word, "logprob": -0.5, "top_logprobs": top}
            said = {"index": index, "content": word, "stop": False}
            if body.get("n_probs"):
                said["completion_probabilities"] = [one]
            c.sendall(b"data: " + json.dumps(said).encode() + b"\n\n")
    for index in range(body.get("n", 1)):
        said = {
            "index": index,
            "content": "",
            "stop": True,
            "stop_type": "eos",
            "tokens_evaluated": 9,
        }
        said["timings"] = {"cache_n": 4}
        c.sendall(b"data: " + json.dumps(said).encode() + b"\n\n")


def _odd_native(_s: Nasty, c: socket.socket, _b: dict[str, Any]) -> None:
    """The same form, with what belongs in it replaced by what doesn't."""
    begin(c)
    for said in (
        {"content": None}, {"content": 7, "timings": 3}, {"content": " x", "index": "0"},
        {"content": " stray", "index": 99}, {"content": " well.", "completion_probabilities": [{}, 3]},
        {"content": "", "stop": True, "stop_type": 5, "tokens_evaluated": "many", "timings": 3},
    ):  # fmt: skip
        c.sendall(b"data: " + json.dumps(said).encode() + b"\n\n")


Mode = Callable[[Nasty, socket.socket, dict[str, Any]], None]
INFILLS: dict[str, Mode] = {
    "none": _no_path, "refused": _not_made_for_it, "good": _native, "odd": _odd_native, "html": _html,
    "endless": _endless,
}  # fmt: skip
MODES: dict[str, Mode] = {
    "good": _good, "cut": _cut, "cut_chunked": _cut_chunked, "garbage": _garbage, "status": _status,
    "busy": _busy, "busy_long": _busy_long, "long_line": _long_line, "endless": _endless,
    "comments": _comments, "html": _html, "no_done": _no_done, "redirect": _redirect, "drip": _drip,
    "utf8": _utf8, "odd": _odd, "error": _error, "whole": _whole, "strict": _strict, "one": _one,
    "no_spaces": _no_spaces, "silent": _silent, "headers": _headers, "no_http": _no_http, "slow": _slow,
    "short": _short,
}  # fmt: skip


@contextmanager
def nasty_server() -> Iterator[Nasty]:
    server = Nasty()
    try:
        yield server
    finally:
        server.close()
