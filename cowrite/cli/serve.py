"""`cowrite serve`: answer other programs, by the interface that they know."""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import secrets
import stat
from pathlib import Path
from typing import Annotated

import typer

from cowrite.cli import output
from cowrite.errors import CowriteError, UsageError

SHORTEST = 8


def serve(
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free one.")
    ] = 8765,
    host: Annotated[
        str, typer.Option("--host", help="Where to listen; elsewhere only with a token of yours.")
    ] = "127.0.0.1",
    token: Annotated[
        str | None, typer.Option("--token", help="What clients must send as their API key.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help="A file with it, that only you can read.")
    ] = None,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Ask for none; on this machine only.")
    ] = False,
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="NAME|PATH", help="Another model.")
    ] = None,
) -> None:
    """Serve the model to other programs, as OpenAI's interface: completions, chat, models.

    A client's base URL is http://127.0.0.1:8765/v1 and its API key the token: that of --token, of
    COWRITE_TOKEN, of --token-file, or a fresh one, which is printed. A text is completed as `cowrite
    complete` does it, and `suffix` is what stands behind the place; chat needs a model that was trained for
    it. Several requests are answered at once, and clients take turns. Nothing that is asked is kept.

    curl localhost:8765/v1/completions -H "Authorization: Bearer TOKEN" -d '{"prompt": "The sea was"}'

    Ctrl+C ends it.
    """
    if importlib.util.find_spec("starlette") is None or importlib.util.find_spec("uvicorn") is None:
        raise CowriteError("Serving needs starlette and uvicorn.", "pip install 'cowrite[serve]'")
    given = _token(token, token_file, no_token, loopback=_is_loopback(host))
    from cowrite.config import load
    from cowrite.paths import user_paths
    from cowrite.serve.running import bound, run
    from cowrite.session.found_model import find_model

    paths = user_paths()
    settings = load(paths, None, flags={"model.name": model})
    with output.progress("Preparing the model") as advance:
        found = find_model(settings, paths, model, advance)
    if found.trouble:
        output.note(f"cowrite: {found.trouble}")
    at = bound(host, port)
    name = f"[{host}]" if ":" in host else host
    output.note(f"Serving {found.file.name} at http://{name}:{at.getsockname()[1]}/v1")
    if given is None:
        given = secrets.token_urlsafe(24)
        output.note(f"Token: {given}")
    run(at, host, given, found, settings, paths)


def _token(token: str | None, file: Path | None, no_token: bool, *, loopback: bool) -> str | None:
    """The token that was given, empty for none at all, None for a fresh one. Raises UsageError."""
    if file is not None:
        token = _read(file)
    elif token is None and not no_token:
        token = os.environ.get("COWRITE_TOKEN")
    if no_token and token is not None:
        raise UsageError("--no-token and a token were given; one of them is enough.")
    if not loopback and token is None:
        raise UsageError("Elsewhere than on this machine, a token is needed.", "See --token-file.")
    if token is not None and (len(token) < SHORTEST or not token.isascii() or " " in token):
        raise UsageError(f"A token has {SHORTEST} letters or digits at least, and no spaces.")
    return "" if no_token else token


def _read(file: Path) -> str:
    try:
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UsageError(f"Others can read {file}.", f"chmod 600 {file}")
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} can't be read as a token.") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
