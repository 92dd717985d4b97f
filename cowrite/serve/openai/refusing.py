"""A request that is not answered, as OpenAI's interface says it."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

RETRY_S = 2
"""Seconds after which it is worth asking again, where it is."""


class RefusedError(Exception):
    """A request that is not answered.

    param: the field of it that is wrong. code: why, in a word. again: whether asking again may help.
    """

    def __init__(
        self,
        status: int,
        message: str,
        param: str | None = None,
        code: str | None = None,
        *,
        again: bool = False,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.param, self.code = status, message, param, code
        self.again = again

    @property
    def body(self) -> dict[str, Any]:
        """The object that is sent."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        told = {"message": self.message, "type": kind, "param": self.param, "code": self.code}
        return {"error": told}


def refusal(refused: RefusedError, headers: dict[str, str] | None = None) -> Response:
    """The answer that says so."""
    more = {"Retry-After": str(RETRY_S)} if refused.again else {}
    if refused.status == 401:
        more["WWW-Authenticate"] = "Bearer"
    return json_answer(refused.body, refused.status, {**(headers or {}), **more})


def json_answer(
    body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """An object as it is sent: in ASCII, since a text of a request may hold what UTF-8 can't say."""
    data = json.dumps(body).encode()
    return Response(data, status, headers, media_type="application/json")
