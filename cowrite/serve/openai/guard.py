"""Who may ask: who has the token, and no page of another site. This comes first, before any path is read."""

from __future__ import annotations

import contextlib
import hmac
import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cowrite.serve.openai.refusing import RefusedError, refusal


class Guard:
    """Stands before the application, and is its last fence: what goes wrong in it is told, not shown.

    token: empty where none is asked for. names: what this machine is called in `Host` headers; None where any
    name will do, since it is reached from elsewhere by names that nobody here knows. failed: told of an error.
    """

    def __init__(
        self,
        app: ASGIApp,
        token: str,
        names: frozenset[str] | None,
        failed: Callable[[Exception], None],
    ) -> None:
        self._app, self._token, self._names, self._failed = app, token, names, failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # a websocket, which nothing here speaks
            await send({"type": "websocket.close", "code": 1008})
            return
        began = False

        async def sending(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            self._let_in(Headers(scope=scope))
            await self._app(scope, receive, sending)
        except RefusedError as refused:
            await refusal(refused)(scope, receive, send)
        except ClientDisconnect:
            pass  # it went while it was still asking
        except Exception as error:  # noqa: BLE001 - the last fence: told, and the others are served on
            self._failed(error)
            if not began:
                wrong = RefusedError(500, "cowrite failed at this request.", None, "internal")
                await refusal(wrong)(scope, receive, send)

    def _let_in(self, headers: Headers) -> None:
        """Raises RefusedError for a page of another site, and without the token."""
        if self._names is not None and not is_here(headers.get("host", ""), self._names):
            raise RefusedError(403, "This server has another name.", None, "wrong_host")
        if not _is_own(headers.get("origin"), headers.get("host", ""), self._names or frozenset()):
            raise RefusedError(403, "Pages of other sites are not served.", None, "wrong_origin")
        kind, _, given = headers.get("authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode(), self._token.encode())
        if self._token and not (same and kind.lower() == "bearer"):
            said = "The token is missing or wrong: send it as `Authorization: Bearer TOKEN`."
            raise RefusedError(401, said, None, "invalid_api_key")


def is_here(host: str, names: frozenset[str]) -> bool:
    """Whether a `Host` header names this machine: an address, or one of its names.

    A page of another site whose own name is made to point here (DNS rebinding) would send that name.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(name.strip("[]"))
        return True
    return name.lower() in names


def _is_own(origin: str | None, host: str, names: frozenset[str]) -> bool:
    """Whether an `Origin` header, which browsers send and programs do not, is of this very machine."""
    if origin is None:
        return True
    with contextlib.suppress(ValueError):
        found = urlsplit(origin)
        if found.scheme not in ("http", "https") or not found.netloc:
            return False
        own = found.hostname or ""
        return found.netloc == host or own in names or _is_loopback(own)
    return False


def _is_loopback(name: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(name).is_loopback
    return name == "localhost"
