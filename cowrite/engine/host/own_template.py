"""A model file's own chat template: a program in Jinja's language, which is run once, in a sandbox.

Only its forms are taken: it is rendered with marks where texts would stand, and what is around them is kept.
So no text of the writer ever gets into it, and it is asked only if the writer allows that and no card of ours
says how the model wants to be spoken to. This runs in the model's process, with bounds on time and memory; a
template that does not work is as none.
"""

from __future__ import annotations

import contextlib
import re
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any, Protocol

from cowrite.core.chat_format import SLOT, ChatFormat
from cowrite.engine.options import ModelFile

LONGEST = 64 * 1024
"""Characters of a template that is looked at. The longest known ones have a fifth of that."""

SECONDS = 2
MEMORY = 512 << 20
"""What rendering may take, beyond what the process has."""

_MARK = "cowritesays{}here"
_TURNS = ("system", "user", "assistant", "user")


class TemplateError(Exception):
    """The template can't be used; the message says why."""


class _Described(Protocol):
    """What is asked of a loaded model."""

    def meta(self, key: str) -> str | None: ...

    @property
    def borders(self) -> tuple[str, str]: ...


def chat_format(model: ModelFile, described: _Described) -> ChatFormat | None:
    """How a model wants to be spoken to: as its card says, or its own file; None for examples alone."""
    if model.base or model.chat is not None:
        return None if model.base else model.chat
    template = described.meta("tokenizer.chat_template") if model.own_template else None
    if not template:
        return None
    try:
        return forms_of(template, *described.borders)
    except TemplateError as error:
        sys.stderr.write(f"cowrite: the model's own chat template is not used: {error}\n")
        return None


def forms_of(template: str, start: str, end: str) -> ChatFormat:
    """The forms of the turns, as a template has them. start, end: how its border tokens are written.

    Raises TemplateError.
    """
    if len(template) > LONGEST:
        raise TemplateError(f"it has more than {LONGEST} characters")
    try:
        return _forms(_rendered(template, start, end, _TURNS), _TURNS)
    except TemplateError:
        turns = _TURNS[1:]  # many have no system turn, and refuse one
        return _forms(_rendered(template, start, end, turns), turns)


def _forms(text: str, turns: tuple[str, ...]) -> ChatFormat:
    """The forms, from what stands around the marks.

    Where one turn ends and the next begins can't be seen, and need not: a conversation is the same wherever it
    is divided. What stands before both users' texts is taken for the beginning of such a turn.
    """
    parts = re.split(_MARK.replace("{}", r"\d"), text)
    said = [match.group() for match in re.finditer(_MARK.replace("{}", r"\d"), text)]
    if said != [_mark(number) for number in range(len(turns))]:
        raise TemplateError("it leaves out a turn, or says one twice")
    opening, answering, between, closing = parts[turns.index("user") :]
    same = 0
    while same < min(len(opening), len(between)) and opening[-1 - same] == between[-1 - same]:
        same += 1
    user = opening[len(opening) - same :]
    before, after_answer = opening[: len(opening) - same], between[: len(between) - same]
    if not answering:
        raise TemplateError("it has nothing between a question and its answer")
    with_system = turns[0] == "system"
    return ChatFormat(
        user=f"{user}{SLOT}",
        model=f"{answering}{SLOT}{after_answer}",
        opening="" if closing == answering else closing,
        system=f"{parts[0]}{SLOT}{before}" if with_system else "",
        first="" if with_system else before,
    )


def _mark(number: int) -> str:
    return _MARK.replace("{}", str(number))


def _rendered(template: str, start: str, end: str, turns: tuple[str, ...]) -> str:
    """What the template makes of a conversation whose texts are marks. Raises TemplateError."""
    messages = [{"role": role, "content": _mark(at)} for at, role in enumerate(turns)]
    try:
        with _bounded():
            out: str = (
                _environment()
                .from_string(template)
                .render(
                    messages=messages,
                    add_generation_prompt=True,
                    bos_token=start,
                    eos_token=end,
                    tools=None,
                )
            )
    except (Exception, _TooSlowError) as error:
        raise TemplateError(f"{type(error).__name__}: {str(error)[:200]}") from error
    return out


def _environment() -> Any:
    """Jinja's sandbox, without what makes long texts of short ones."""
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from jinja2.utils import Namespace

    class Narrow(ImmutableSandboxedEnvironment):
        """Multiplies and raises to powers within bounds only."""

        intercepted_binops = frozenset(("*", "**"))

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            if not all(
                isinstance(value, int | float) and abs(value) < 1e6 for value in (left, right)
            ):
                raise SecurityError(f"{operator} is not for that")
            if operator == "**":
                raise SecurityError("there are no powers here")
            return super().call_binop(context, operator, left, right)

    def refuse(message: object) -> None:
        raise SecurityError(str(message)[:200])

    environment = Narrow(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals.clear()
    environment.globals.update(
        raise_exception=refuse, namespace=Namespace, range=lambda *ends: range(*ends)[:1000]
    )
    environment.globals["strftime_now"] = lambda _form: "1 January 2026"
    for name in ("center", "format", "indent", "wordwrap", "pprint", "random", "xmlattr", "urlize"):
        environment.filters.pop(name, None)
    return environment


class _TooSlowError(BaseException):
    """The time is up. Not an `Exception`, so that no part of a template's run can take it."""


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    """At most SECONDS and MEMORY for what runs inside; in the main thread only, where signals come."""

    def stop(_number: int, _frame: object) -> None:
        raise _TooSlowError(f"it took longer than {SECONDS} s")

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = _address_space()
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        if used:
            most = used + MEMORY if hard == resource.RLIM_INFINITY else min(used + MEMORY, hard)
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _address_space() -> int:
    """Bytes of this process's address space, 0 where the system does not say (then memory is not bounded)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0
