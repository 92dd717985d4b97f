"""What can go wrong between us and a server, each as one sentence with a hint."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPException

from cowrite.core.retry_after import retry_after
from cowrite.engine.remote.address import Address

SOON = 0.5
"""Seconds after which what failed by chance is tried once more; then twice as many."""

MOST_REST = 20.0
"""Seconds that a server may have us wait; one that wants more is told of at once."""


@dataclass
class Fault(Exception):  # noqa: N818 - it is told, and mostly not raised
    """A sentence and a hint. again: seconds after which it may be tried again, None where that is no use.

    settings: nothing but another setting helps. body: the request itself was refused. status: HTTP's.
    """

    message: str
    hint: str = ""
    again: float | None = None
    settings: bool = False
    body: bool = False
    status: int = 0


def unreachable(error: Exception, address: Address) -> Fault:
    """What an exception of the network means."""
    place = address.place
    match error:
        case ssl.SSLCertVerificationError():
            reason = error.verify_message
            text = f"The certificate of {place} is not to be trusted: {reason}."
            return Fault(text, "A certificate of your own goes into SSL_CERT_FILE.", settings=True)
        case ssl.SSLError():
            hint = "Perhaps it speaks http, and engine.remote says https."
            return Fault(f"{place} does not speak TLS as it should.", hint)
        case socket.gaierror():
            return Fault(
                f"There is no host {address.host}, or no network.", "engine.remote names it."
            )
        case ConnectionRefusedError():
            hint = "Start the server, or set engine.remote to where it is."
            return Fault(f"Nothing answers at {place}.", hint, again=SOON)
        case TimeoutError():
            return Fault(f"{place} did not answer in time.", "It may be busy. Ask again.")
        case ConnectionError():
            return Fault(f"{place} cut the connection.", "Ask again.", again=SOON)
        case OSError():
            return Fault(f"{place} can't be reached: {error.strerror or 'no reason given'}.")
        case HTTPException():
            hint = "Is engine.remote a completion server?"
            return Fault(f"{place} cut its answer, or does not speak HTTP.", hint, again=SOON)
        case _:
            return Fault(f"{place} answered nonsense.", "Is engine.remote a completion server?")


def refused(status: int, said: str, address: Address, asked: str, to: str) -> Fault:
    """What a status of HTTP that is no success means.

    said: what the server says of it, for the hint. asked: its `Retry-After`. to: the host that it sends to.
    """
    place = address.place
    said = f"It says: {said}" if said else ""
    if 300 <= status < 400:
        text = f"{place} sends to another address, which is not followed."
        where = f"It names {to}. Set engine.remote to it if you trust it." if to else ""
        return Fault(text, where, settings=True)
    if status in (401, 403):
        hint = "COWRITE_REMOTE_KEY or engine.remote_key_file gives the key."
        return Fault(
            f"{place} does not let us in: the key is missing or wrong.", hint, settings=True
        )
    if status in (404, 405, 501):
        hint = said or "Is engine.remote a completion server, and engine.remote_model one it has?"
        text = f"{place} does not know what is asked of it ({status})."
        return Fault(text, hint, settings=True, status=status)
    if status in (429, 503):
        wait = retry_after(asked, time.time())
        text = f"{place} has too much to do."
        if wait is not None and wait > MOST_REST:
            return Fault(text, f"It asks to wait {wait:.0f} seconds.")
        return Fault(text, said or "Ask again in a moment.", again=1.0 if wait is None else wait)
    if status >= 500:
        return Fault(f"{place} failed ({status}).", said or "Its own log may say why.", again=SOON)
    text = f"{place} refused what was asked ({status})."
    return Fault(text, said, body=status in (400, 413, 422))
