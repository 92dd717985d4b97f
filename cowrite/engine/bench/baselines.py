"""Those that the engine is measured against, each answering the same two questions."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from cowrite.engine.process import SPINS
from cowrite.engine.protocol import Loaded
from cowrite.errors import EngineError, UsageError

SAMPLING = {"top_k": 40, "min_p": 0.05, "top_p": 1.0, "temperature": 0.8, "repeat_penalty": 1.0}


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds to the first text, and to the end of all candidates."""

    first: float
    whole: float


class Baseline(Protocol):
    """Something that goes on with a prompt, its own prefix cache warm."""

    def answer(self, prompt: str, tokens: int, candidates: int) -> Answered:
        """Time `candidates` continuations of `tokens` tokens, in the fastest way it has."""


class HighLevel:
    """llama-cpp-python's create_completion in a process of its own; candidates in turn.

    Its threads wait at barriers as ours do, so that a busy machine hurts both alike. It has as many, the same
    context, and goes without llama.cpp's extra buffers where the engine has to.
    """

    def __init__(self, model: Path, loaded: Loaded) -> None:
        batch_threads = loaded.batch_threads or loaded.threads
        sizes = (loaded.context, loaded.threads, batch_threads, int(loaded.way.extra_buffers))
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "cowrite.engine.llama.baseline",
                str(model),
                *map(str, sizes),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"GOMP_SPINCOUNT": SPINS, **os.environ, "GGML_NO_BACKTRACE": "1"},
            text=True,
        )
        self._receive()

    def answer(self, prompt: str, tokens: int, candidates: int) -> Answered:
        told = self._ask(
            {"do": "complete", "prompt": prompt, "tokens": tokens, "calls": candidates}
        )
        return Answered(told["first"], told["all"])

    def bare_rate(self, prompt: str, tokens: int) -> float:
        """Tokens a second of llama_decode in a loop, without sampling."""
        told = self._ask({"do": "bare", "prompt": prompt, "tokens": tokens})
        return float(told["tokens"] / told["seconds"])

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return self._receive()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise EngineError("llama-cpp-python's own interface failed to run this model.")
        told: dict[str, Any] = json.loads(line)
        return told


class Server:
    """A llama-server that the user started; candidates in parallel, for which it needs slots."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        if parts.scheme != "http" or not parts.hostname:
            raise UsageError(
                f"'{url}' is not the address of a llama-server.",
                "For instance: http://127.0.0.1:8080",
            )
        self._host, self._port = parts.hostname, parts.port or 80
        try:
            self._request("GET", "/health")
        except (OSError, http.client.HTTPException) as error:
            raise EngineError(
                f"No llama-server answers at {url}.",
                "Start one: llama-server -m MODEL.gguf -c 16384 -np 3 --kv-unified --port 8080",
            ) from error

    def answer(self, prompt: str, tokens: int, candidates: int) -> Answered:
        began = time.perf_counter()
        firsts: list[float] = []
        failed: list[BaseException] = []

        def one(number: int) -> None:
            try:
                firsts.append(self._stream(prompt, tokens, number) - began)
            except (OSError, ValueError, http.client.HTTPException) as error:
                failed.append(error)

        threads = [threading.Thread(target=one, args=(number,)) for number in range(candidates)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed or not firsts:
            raise EngineError(
                "The llama-server stopped answering.", str(failed[0]) if failed else ""
            )
        return Answered(min(firsts), time.perf_counter() - began)

    def _stream(self, prompt: str, tokens: int, number: int) -> float:
        """The moment of the first text of one streamed completion, which is read to its end."""
        body = {
            "prompt": prompt,
            "n_predict": tokens,
            "stream": True,
            "cache_prompt": True,
            "seed": number + 1,
            **SAMPLING,
        }
        connection = http.client.HTTPConnection(self._host, self._port, timeout=120)
        try:
            connection.request(
                "POST", "/completion", json.dumps(body), {"Content-Type": "application/json"}
            )
            response = connection.getresponse()
            first = 0.0
            for line in response:
                if not line.startswith(b"data: "):
                    continue
                if not first and json.loads(line[6:]).get("content"):
                    first = time.perf_counter()
            return first or time.perf_counter()
        finally:
            connection.close()

    def _request(self, method: str, path: str) -> bytes:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=10)
        try:
            connection.request(method, path)
            return connection.getresponse().read()
        finally:
            connection.close()
