"""The table of commands, loaded when they are called, so that `--help` stays quick.

`cowrite FILE` means `cowrite write FILE`: where the first word is no command, `write` is put before it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
import typer.core
import typer.main

from cowrite.cli.streams import ReaderGone
from cowrite.errors import UsageError, nearest

DEFAULT = "write"
SLIP = 4
"""In so many letters one is wrong, at most, where a first word is taken for a slip in a command's name, and not
for a draft's."""


@dataclass(frozen=True, slots=True)
class LazyCommand:
    """A command: where it is (`module:attribute`), what it does, and under which title it is listed."""

    target: str
    help: str
    title: str


COMMANDS = {
    "write": LazyCommand(
        "cowrite.cli.write:write", "Open a draft; `cowrite FILE` does the same.", "Write"
    ),
    "complete": LazyCommand(
        "cowrite.cli.complete:complete", "Continue a text without the screen, for scripts.", "Write"
    ),
    "serve": LazyCommand(
        "cowrite.cli.serve:serve",
        "Serve the model to other programs, as OpenAI's interface.",
        "Set up",
    ),
    "rewrite": LazyCommand(
        "cowrite.cli.rewrite:rewrite", "Rewrite a text by an instruction.", "Write"
    ),
    "translate": LazyCommand(
        "cowrite.cli.rewrite:translate", "Translate a text, as far as the model can.", "Write"
    ),
    "ask": LazyCommand("cowrite.cli.ask:ask", "Ask a question about drafts.", "Write"),
    "summarise": LazyCommand(
        "cowrite.cli.ask:summarise", "Say shortly what stands in drafts.", "Write"
    ),
    "new": LazyCommand("cowrite.cli.memory:new", "Make a project: chapters, notes, lore.", "Write"),
    "context": LazyCommand(
        "cowrite.cli.memory:context", "Show what the model sees of a draft, and why.", "Write"
    ),
    "weigh": LazyCommand(
        "cowrite.cli.weigh:weigh", "Show which sentences counted for a suggestion.", "Write"
    ),
    "proofread": LazyCommand(
        "cowrite.cli.proofread:proofread",
        "List repeated words, long sentences, slips of tense and names.",
        "Write",
    ),
    "book": LazyCommand(
        "cowrite.cli.book:book", "Make a book of chapters: docx, epub, pdf, a manuscript.", "Write"
    ),
    "lsp": LazyCommand(
        "cowrite.cli.lsp:lsp", "Serve another editor, by the language server protocol.", "Write"
    ),
    "convert": LazyCommand(
        "cowrite.cli.convert:convert", "Copy a text in an old encoding to UTF-8.", "Write"
    ),
    "replay": LazyCommand(
        "cowrite.cli.replay:replay", "Play a session again, as it was written.", "Write"
    ),
    "at": LazyCommand("cowrite.cli.at:at", "Print a draft as it was at a moment.", "Write"),
    "snapshot": LazyCommand(
        "cowrite.cli.snapshot:app", "Keep drafts under a name, compare them, go back.", "Write"
    ),
    "provenance": LazyCommand(
        "cowrite.cli.provenance:provenance", "Show who wrote which words of a draft.", "Write"
    ),
    "stats": LazyCommand(
        "cowrite.cli.stats:stats", "What was suggested, and what you kept of it.", "Your log"
    ),
    "export": LazyCommand(
        "cowrite.cli.export:export",
        "Suggestions, decisions and training rows as files.",
        "Your log",
    ),
    "import": LazyCommand(
        "cowrite.cli.importing:app", "Read books and sessions of other programs.", "Your log"
    ),
    "log": LazyCommand(
        "cowrite.cli.log:log", "Size of the log; tidy it, or purge from it.", "Your log"
    ),
    "learn": LazyCommand(
        "cowrite.cli.learn:app", "Learn from what you wrote; what it brought.", "Your log"
    ),
    "models": LazyCommand(
        "cowrite.cli.models:app", "List, inspect, add, download and choose models.", "Set up"
    ),
    "config": LazyCommand("cowrite.cli.settings:app", "Read and change settings.", "Set up"),
    "doctor": LazyCommand("cowrite.cli.doctor:doctor", "Look over this installation.", "Set up"),
    "bench": LazyCommand(
        "cowrite.cli.bench:bench", "Measure how fast models write here.", "Set up"
    ),
}

EXAMPLES = (
    ("cowrite draft.md", "write; ctrl+space asks, tab takes, escape refuses, f1 shows all keys"),
    ('cowrite complete --text "The sea was"', "continue a text and print it"),
    ("cowrite complete a.md -n 3 --json", "three continuations, with probabilities"),
    ("cowrite rewrite a.md -i past --diff", "put it into the past tense, shown as a diff"),
    ("cowrite models list", "the models that are here"),
    ("cowrite export -o rows.jsonl", "every suggestion with what became of it"),
)


def exists(name: str) -> bool:
    """Whether the command's module is there."""
    module = COMMANDS[name].target.partition(":")[0]
    return importlib.util.find_spec(module) is not None


class LazyGroup(typer.core.TyperGroup):
    """The commands of the table; their modules are imported when one is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return [name for name in COMMANDS if exists(name)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name not in COMMANDS or not exists(cmd_name):
            return None
        module, _, attribute = COMMANDS[cmd_name].target.partition(":")
        command = _command(getattr(importlib.import_module(module), attribute))
        command.name = cmd_name
        return command

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:
            args = with_default(args, self.list_commands(ctx), self._own_options())
        return super().parse_args(ctx, args)

    def _own_options(self) -> set[str]:
        return {"--help", "-h", *(name for parameter in self.params for name in parameter.opts)}

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGone from error

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        formatter.write("Usage: cowrite [OPTIONS] [FILE]\n       cowrite COMMAND [ARGS]...\n\n")
        formatter.write_text(
            "Write prose with a language model on your own machine: it suggests, you decide, and "
            "every decision is kept in a log of yours. Nothing leaves the machine."
        )
        names = [name for name in COMMANDS if exists(name)]
        for title in dict.fromkeys(COMMANDS[name].title for name in names):
            with formatter.section(title):
                rows = [(n, COMMANDS[n].help) for n in names if COMMANDS[n].title == title]
                formatter.write_dl(rows, col_max=12)
        with formatter.section("Examples"):
            formatter.write_dl([(call, what) for call, what in EXAMPLES], col_max=44)
        with formatter.section("Options"):
            formatter.write_dl(
                [
                    ("-m, --model NAME", "Write with another model this once."),
                    ("--no-log", "Keep no feedback this once; recovery still works."),
                    ("--version", "Show the version."),
                    ("--install-completion", "Complete commands and options in your shell."),
                    ("-h, --help", "Show this; `cowrite COMMAND --help` tells more."),
                ]
            )
        formatter.write_paragraph()
        formatter.write_text(
            "A file that is named like a command: `cowrite ./stats` or `cowrite write stats`."
        )


def _command(target: Any) -> Any:
    """A command of typer's, from a function or an app. Help is plain text, without rich's boxes."""
    if isinstance(target, typer.Typer):
        app = target
    else:
        app = typer.Typer(add_completion=False)
        app.command()(target)
    app._add_completion = False
    command = typer.main.get_command(app)
    return _plain(command)


def _plain(command: Any) -> Any:
    command.rich_markup_mode = None
    command.parse_args = _naming_itself(command.parse_args)
    command.context_settings = {
        **(command.context_settings or {}),
        "help_option_names": ["-h", "--help"],
    }
    for child in getattr(command, "commands", {}).values():
        _plain(child)
    return command


def _naming_itself(parse_args: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """The same parser, whose errors know the command they are about: typer leaves that out of some."""

    def parse(ctx: Any, args: list[str]) -> list[str]:
        try:
            return parse_args(ctx, args)
        except typer.TyperException as error:
            if getattr(error, "ctx", None) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise

    return parse


def with_default(args: list[str], commands: Iterable[str], options: Iterable[str]) -> list[str]:
    """The arguments, with `write` in front where their first word is no command.

    Raises UsageError where that word looks like a slip in a command's name and is no file.
    """
    if not args:
        return [DEFAULT]
    first = args[0]
    if first in commands or first.partition("=")[0] in options:
        return args
    if not first.startswith("-"):
        _refuse_slip(args, commands)
    return [DEFAULT, *args]


def _refuse_slip(args: list[str], commands: Iterable[str]) -> None:
    word = args[0]
    near = nearest(word, commands, share=SLIP, parts=False)
    if near is None or not word.isalpha() or Path(word).exists():
        return
    hint = f"Did you mean 'cowrite {near}'?"
    if len(args) == 1:
        hint += f" For a new draft of that name: cowrite write {word}"
    raise UsageError(f"There is no command '{word}'.", hint)
