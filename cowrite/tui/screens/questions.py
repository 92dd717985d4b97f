"""The questions about a draft's file. Imported when one is asked: the first paint needs none of them."""

from __future__ import annotations

from pathlib import Path

from cowrite.errors import CowriteError
from cowrite.files import named
from cowrite.files.naming import proposed
from cowrite.tui.screens.dialogs import Choice, Dialog, Prompt, Question, notice
from cowrite.tui.screens.differing import Differing


def told(error: CowriteError) -> Dialog:
    """An error that must be read."""
    return notice(error.message, error.hint)


def unsaved(name: str, *, ending: bool) -> Dialog:
    """`save`, `discard` or `stay`. ending: the program is being left, not this draft alone."""
    discard, stay = (
        ("Leave without saving", "Stay here")
        if ending
        else ("Close without saving", "Keep it open")
    )
    choices = (
        Choice("save", "Save", "s"),
        Choice("discard", discard, "d"),
        Choice("stay", stay, "c"),
    )
    return Question(f"{name} is not saved", "", choices)


def new_name(path: Path | None, body: str, text: str) -> Dialog:
    """A path to save the draft at; checked as far as that can be done before saving.

    A draft without a name is proposed one by its `text`, in the folder where cowrite was started.
    """
    start = str(path) if path is not None else proposed(text, Path())
    return Prompt("Save the draft as", start, body=body, check=bad_name)


def overwrite(path: Path) -> Dialog:
    """`keep` or `overwrite`."""
    choices = (Choice("keep", "Keep it", "k"), Choice("overwrite", "Overwrite it", "o"))
    return Question("There is already such a file", str(path), choices)


def conflict(error: CowriteError, theirs: str | None, mine: str) -> Dialog:
    """Another program wrote the file: `stay`, `beside`, `load` or `overwrite`, the harmless ones first, since
    Enter takes the first. theirs: None if unreadable.
    """
    choices = (
        Choice("stay", "Do nothing yet", "c"),
        Choice("beside", "Save this draft under another name", "n"),
        Choice("load", "Take the file's text; undo brings this one back", "l"),
        Choice("overwrite", "Overwrite the file with this draft", "o"),
    )
    if theirs is None:
        return Question(error.message, error.hint, choices)
    about = "Marked: what saving this draft would change in the file."
    return Differing(error.message, about, theirs, mine, choices)


def recovery(name: str, saved: str, lost: str, *, has_file: bool) -> Dialog:
    """A session was cut off: `recover`, `discard`, and `beside` where the draft has a file."""
    choices = [
        Choice("recover", "Recover it; undo takes it back", "r"),
        Choice("beside", "Save it beside the draft, go on with the file", "b"),
        Choice("discard", "Discard it", "d"),
    ]
    if not has_file:
        del choices[1]
    title = f"{name} was not saved when its last session ended"
    about = "Marked: what is in the log and not in the file."
    return Differing(title, about, saved, lost, tuple(choices))


def bad_name(name: str) -> str | None:
    """What is wrong with a name for a draft, or None."""
    if not name.strip():
        return "Give it a name."
    try:
        path = named(name)
        if path.is_dir():
            return "That is a folder: add a file's name."
        if not path.parent.is_dir():
            return f"There is no folder {path.parent}."
    except CowriteError as error:
        return error.message
    except OSError as error:
        return f"That name can't be used: {error.strerror}."
    return None
