"""What is said to be near to a name that there is not: a slip of it, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.config import describe, find
from cowrite.errors import UsageError, nearest, unknown

OPTIONS = ("--help", "--model", "-m", "--no-log", "--version", "--install-completion", "--json")
THEMES = ("auto", "cowrite-paper", "cowrite-ink", "nord", "gruvbox", "catppuccin-latte")
COMMANDS = ("write", "complete", "log", "stats", "models", "config", "convert", "export")


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [
        ("--colour", OPTIONS, None),
        ("--x", OPTIONS, None),
        ("-", OPTIONS, None),
        ("--no-such", OPTIONS, None),
        ("--modle", OPTIONS, "--model"),
        ("--verison", OPTIONS, "--version"),
        ("--nolog", OPTIONS, "--no-log"),
        ("--jsno", OPTIONS, "--json"),
        ("cowritepaper", THEMES, "cowrite-paper"),
        ("Cowrite Paper", THEMES, "cowrite-paper"),
        ("cowrite-papr", THEMES, "cowrite-paper"),
        ("paper", THEMES, "cowrite-paper"),
        ("gruv", THEMES, "gruvbox"),
        ("papre", THEMES, "cowrite-paper"),
        ("pepper", THEMES, None),
        ("solarized", THEMES, None),
        ("NORD", THEMES, "nord"),
        ("", THEMES, None),
        ("\x1b[31m", THEMES, None),
        ("n" * 1_000_000, THEMES, None),
    ],
)
def test_s3_near_is_a_slip_and_nothing_else(
    word: str, known: tuple[str, ...], near: str | None
) -> None:
    assert nearest(word, known) == near


@pytest.mark.parametrize(
    ("word", "near"),
    [("modles", "models"), ("exprot", "export"), ("lot", None), ("story", None), ("note", None)],
)
def test_s3_a_drafts_name_is_no_slip_of_a_command(word: str, near: str | None) -> None:
    assert nearest(word, COMMANDS, share=4, parts=False) == near


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("editor.colum", "Did you mean 'editor.column'?"),
        ("edtor.column", "Did you mean 'editor.column'?"),
        ("ui.column", "Did you mean 'editor.column'?"),
        ("column", "Did you mean 'editor.column'?"),
        ("ui.zzz", "Known: ui.mouse, ui.reduced_motion, ui.theme."),
        ("ui", "Known: ui.mouse, ui.reduced_motion, ui.theme."),
        ("suggestions.xyzzy", "Known: suggestions.auto, "),
        ("zzz.yyy", "`cowrite config list` shows"),
    ],
)
def test_s3_a_setting_is_near_by_its_own_name_and_not_by_its_sections(key: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(key)
    assert caught.value.hint.startswith(hint)


@settings(deadline=None)  # the machine may be busy
@given(st.sampled_from([setting.key for setting in describe()]), st.data())
def test_s3_two_letters_that_changed_places_are_always_near(key: str, data: st.DataObject) -> None:
    name = key.rpartition(".")[2]
    at = data.draw(st.integers(0, len(name) - 2))
    slip = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    near = nearest(slip, [name])
    assert near == name or min(len(part) for part in slip.split("_")) < 3


def test_s3_where_nothing_is_near_all_are_named_if_they_are_few() -> None:
    assert unknown("theme", "zzz", THEMES).hint == f"Known: {', '.join(sorted(THEMES))}."
    assert unknown("theme", "zzz", map(str, range(1000, 1100))).hint == ""
