"""Why a server gives nothing: its status and what the hub says with it, as sentences."""

from __future__ import annotations

from cowrite.core.printable import printable
from cowrite.errors import ModelError
from cowrite.hub.web import Answer, host_of


def refused(answer: Answer, what: str, revision: str, *, has_token: bool) -> ModelError:
    """The error for an answer that brings nothing. what: the repository or the address. The hub says
    `X-Error-Code`, and answers 401 for repositories that aren't there as well."""
    host, code = host_of(answer.url), answer.header("X-Error-Code")
    what = printable(what)[:300]
    if code == "GatedRepo" or (answer.status == 403 and revision):
        hint = "Accept its terms on its page there"
        hint += (
            ", and wait until you are let in."
            if has_token
            else ", then give a token with HF_TOKEN."
        )
        return ModelError(
            f"{what} is given only to those who have accepted its terms on {host}.", hint
        )
    if answer.status == 401 and has_token and code != "RepoNotFound":
        return ModelError(
            f"{host} does not know the token.", "Make a new one there, and give it with HF_TOKEN."
        )
    if answer.status == 401:
        return ModelError(
            f"{what} is not on {host}, or only for those with a token.",
            "Look at its name; a token is given with HF_TOKEN.",
        )
    if code == "RevisionNotFound":
        return ModelError(
            f"{what} has no revision '{printable(revision)}'.", "Leave it out for the newest."
        )
    if answer.status in (404, 410):
        return ModelError(f"There is no {what} on {host}.", "Look at its name on its page.")
    if answer.status == 429:
        wait = printable(answer.header("Retry-After"))[:40]
        hint = f"Try again in {wait} s." if wait.isdigit() else "Try again later."
        return ModelError(
            f"{host} has had too many questions from here.",
            f"{hint} With a token (HF_TOKEN) it takes more.",
        )
    if answer.status >= 500:
        return ModelError(
            f"{host} is in trouble itself (status {answer.status}).", "Try again later."
        )
    return ModelError(f"{host} refuses {what} (status {answer.status}).")
