"""`cowrite serve`: answer other programs, by the interface that they know."""

from __future__ import annotations

import importlib.util
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cowrite.cli import output
from cowrite.errors import CowriteError, UsageError

if TYPE_CHECKING:
    from cowrite.config import Settings
    from cowrite.paths import Paths
    from cowrite.serve.openai.record import Record
    from cowrite.session.found_model import FoundModel

SHORTEST, LONGEST = 8, 4096
"""Characters of a token."""


def serve(
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free one.")
    ] = 8765,
    host: Annotated[
        str, typer.Option("--host", help="Where to listen; elsewhere only with a token of yours.")
    ] = "127.0.0.1",
    token: Annotated[
        str | None,
        typer.Option("--token", help="What clients must send. Lists of processes show it."),
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
    log: Annotated[
        bool, typer.Option("--log", help="Keep what is asked and answered in your log.")
    ] = False,
) -> None:
    """Serve the model to other programs, as OpenAI's interface: completions, chat, models.

    A client's base URL is http://127.0.0.1:8765/v1 and its API key the token: that of COWRITE_TOKEN, of
    --token-file or of --token, or a fresh one, which is printed once. A text is completed as `cowrite
    complete` does it, and `suffix` is what stands behind the place; chat needs a model that was trained for
    it. Several requests are answered at once, and clients take turns. Nothing of what is asked is kept but
    with --log, and nothing is learned from it then either.

    curl localhost:8765/v1/completions -H "Authorization: Bearer TOKEN" -d '{"prompt": "The sea was"}'

    Ctrl+C ends it. More is in docs/engines.md, and in docs/team.md for a group.
    """
    if importlib.util.find_spec("starlette") is None or importlib.util.find_spec("uvicorn") is None:
        raise CowriteError("Serving needs starlette and uvicorn.", "pip install 'cowrite[serve]'")
    given = _token(token, token_file, no_token)
    from cowrite.config import load
    from cowrite.paths import user_paths
    from cowrite.serve.openai.running import Serving, bound, is_loopback
    from cowrite.session.found_model import find_model

    paths = user_paths()
    settings = load(paths, None, flags={"model.name": model})
    at = bound(host, port)
    with at:
        if not is_loopback(at) and not given:
            raise UsageError("Elsewhere than on this machine, a token of yours is needed.", HINT)
        with output.progress("Preparing the model") as advance:
            found = find_model(settings, paths, model, advance)
        if found.trouble:
            output.note(f"cowrite: {found.trouble}")
        record = _record(found, settings, paths) if log else None
        name = f"[{host}]" if ":" in host else host
        output.note(f"Serving {found.file.name} at http://{name}:{at.getsockname()[1]}/v1")
        if given is None:
            given = secrets.token_urlsafe(24)
            output.note(f"Token: {given}")
        Serving(found, settings, paths, _say, record).run(at, host, given)


HINT = "Put one into COWRITE_TOKEN, or into a file for --token-file."


def _say(text: str) -> None:
    output.note(f"cowrite: {text}")


def _record(found: FoundModel, settings: Settings, paths: Paths) -> Record:
    """Where requests are logged. Raises StoreError where the log can't be."""
    from cowrite.serve.openai.record import Record
    from cowrite.store import Store

    store = Store.open(paths.log_file)
    if store.notice:
        _say(store.notice)
    return Record(store, found.file, settings, _say)


def _token(token: str | None, file: Path | None, no_token: bool) -> str | None:
    """The token that was given, empty for none at all, None for a fresh one. Raises UsageError."""
    ways = [token is not None, file is not None, no_token]
    # Out of the environment, which every child gets and lists of processes show.
    from_environment = os.environ.pop("COWRITE_TOKEN", "")
    if sum(ways) > 1:
        raise UsageError("One of --token, --token-file and --no-token is enough.")
    if no_token:
        return ""
    if file is not None:
        token = _read(file)
    elif token is None:
        token = from_environment or None
    if token is not None and not _is_good(token):
        said = f"A token has {SHORTEST} to {LONGEST:,} letters, digits or signs, and no spaces."
        raise UsageError(said)
    return token


def _is_good(token: str) -> bool:
    plain = token.isascii() and token.isprintable() and " " not in token
    return plain and SHORTEST <= len(token) <= LONGEST


def _read(file: Path) -> str:
    from cowrite.paths import ExposedError, read_secret

    try:
        with file.open("rb") as source:
            return read_secret(source, LONGEST + 2).decode("ascii").strip()
    except ExposedError as error:
        raise UsageError(f"Others can read {file}.", f"chmod 600 {file}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} can't be read as a token.") from error
