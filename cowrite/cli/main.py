"""The program: its commands, and the one place where what went wrong is told."""

from __future__ import annotations

import contextlib
import errno
import re
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
import typer.main

import cowrite
from cowrite.cli.commands import LazyGroup
from cowrite.cli.output import note
from cowrite.cli.streams import NO_ROOM, ReaderGone, drop_output, output_failed, prepare
from cowrite.core.printable import printable
from cowrite.errors import CowriteError, UsageError, nearest, unknown
from cowrite.paths import user_paths

INTERRUPTED = 130

app = typer.Typer(
    cls=LazyGroup,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cowrite {cowrite.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Write prose with a language model on your own machine."""


def run() -> None:
    """Run the command line of this process and exit."""
    prepare()
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code. Errors are told on stderr, here and nowhere else."""
    code = _ended(arguments)
    if code and sys.stdout is not None:
        with contextlib.suppress(Exception):  # what went wrong is told; here is what came before it
            sys.stdout.flush()
    return code


def _ended(arguments: Sequence[str]) -> int:
    try:
        result = typer.main.get_command(app).main(
            args=list(arguments), prog_name="cowrite", standalone_mode=False
        )
        if sys.stdout is not None:
            sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except (ReaderGone, BrokenPipeError):  # as `head` does: no complaint
        drop_output()
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except typer.TyperException as error:
        return _tell_usage(error)
    except Exception as error:  # noqa: BLE001 - the last fence: told and reported, never shown raw
        return tell(error)


def tell(error: Exception) -> int:
    """Tell on stderr what went wrong; returns the exit code."""
    if isinstance(error, CowriteError):
        return _tell(error.message, error.hint, error.exit_code)
    if isinstance(error, OSError) and error.filename is None and error.errno in NO_ROOM:
        drop_output()
        return tell(output_failed(error))
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        # Whichever command looked for it, whether it is there: a name of a call alone is so long.
        return _tell(
            "A name of a file in this call is longer than names can be.", "", UsageError.exit_code
        )
    return _tell_crash(error)


def _tell(message: str, hint: str, code: int) -> int:
    note(f"cowrite: {printable(message)}")
    if hint:
        note(hint)
    return code


def _tell_usage(error: Any) -> int:
    """What typer found wrong with the words of a call."""
    message = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":
        note(message)
        return int(error.exit_code)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "cowrite"
    hint = f"See `{path} --help`."
    option = getattr(error, "option_name", None)
    if type(error).__name__ == "NoSuchOption" and option is not None:
        message = f"There is no option '{option}'."
        near = nearest(option, _options(context))
        hint = f"Did you mean '{near}'? {hint}" if near else hint
    missing = _NO_COMMAND.match(message)
    if missing is not None and context is not None:
        wrong = unknown("command", missing[1], context.command.list_commands(context))
        message, hint = wrong.message, f"{wrong.hint} {hint}"
    return _tell(message, hint, error.exit_code)


_NO_COMMAND = re.compile("No such command '(.*?)'[.]", re.DOTALL)
"""What typer says of a word that no group of commands has; it is no error of its own."""


def _options(context: Any) -> list[str]:
    """The options of the command that was called; of `cowrite` itself where that was `write`."""
    found = ["--help"]
    while context is not None:
        found += [name for parameter in context.command.params for name in parameter.opts]
        context = context.parent if context.info_name == "write" else None
    return [name for name in found if name.startswith("-")]


def _tell_crash(error: Exception) -> int:
    from cowrite.crash_report import write_report

    path = write_report(error, user_paths().crash_folder)
    where = f"A report without any text of yours: {path}" if path else ""
    return _tell(f"Something failed in cowrite itself ({type(error).__name__}).", where, 1)
