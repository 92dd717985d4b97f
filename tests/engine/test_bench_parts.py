"""The benchmark's own parts: how figures are judged, how it asks a server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cowrite.engine.bench.baselines import Server
from cowrite.engine.bench.figures import Figure
from cowrite.errors import EngineError, UsageError


@pytest.mark.parametrize(
    ("value", "other", "more", "verdict"),
    [
        (10.0, 100.0, False, "reached"),
        (30.0, 100.0, False, "met"),
        (50.0, 100.0, False, "missed"),
        (0.3, None, False, "met"),
        (99.0, 100.0, True, "reached"),
        (0.25, 1.0, True, "met"),
    ],
)
def test_a_figure_is_judged_by_its_score(
    value: float, other: float | None, more: bool, verdict: str
):
    figure = Figure(
        "x",
        value,
        "ms",
        other,
        "baseline",
        0.35 if not more else 0.25,
        0.2 if not more else 0.9,
        more,
    )
    assert figure.verdict == verdict
    told = figure.as_dict()
    assert told["verdict"] == verdict
    assert told["score"] == pytest.approx(value / other if other else value)


class _Answers(BaseHTTPRequestHandler):
    asked: list[dict[str, object]] = []  # noqa: RUF012 - shared by all requests of one test

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _Answers.asked.append(body)
        self.send_response(200)
        self.end_headers()
        for text in ("", " one", " two"):
            self.wfile.write(b"data: " + json.dumps({"content": text}).encode() + b"\n\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Answers.asked.clear()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_server_is_asked_for_all_candidates_at_once(address: str):
    answered = Server(address).answer("The sea", 24, 3)
    assert 0 < answered.first <= answered.whole
    assert len(_Answers.asked) == 3
    assert {body["seed"] for body in _Answers.asked} == {1, 2, 3}
    assert all(body["cache_prompt"] and body["n_predict"] == 24 for body in _Answers.asked)


def test_no_server_is_one_sentence():
    with pytest.raises(EngineError, match="No llama-server answers"):
        Server("http://127.0.0.1:9")
    with pytest.raises(UsageError, match="not the address"):
        Server("ftp://somewhere")
