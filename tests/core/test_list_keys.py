"""Enter, Tab and Shift+Tab in lists and quotations. A bar is the cursor, two are the selection's ends."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.change import Change, carried
from cowrite.core.document import Document
from cowrite.core.list_keys import indent, new_line, outdent
from cowrite.core.reading import Reading

Key = Callable[..., Change | None]


def done(key: Key, text: str, **how: bool) -> str | None:
    """What a text with bars is behind a key; None where the key does nothing of a list."""
    low = text.index("|")
    high = text.rindex("|")
    bare = (
        text[:low] + text[low + 1 : high] + text[high + 1 :]
        if high > low
        else text[:low] + text[low + 1 :]
    )
    high = max(low, high - 1)
    document = Document(bare)
    change = key(document, Reading(document), low, high, **how)
    if change is None:
        return None
    for start, end, new in sorted(change.pieces, reverse=True):
        bare = bare[:start] + new + bare[end:]
    low, high = change.selection
    middle = "|" + bare[low:high] + "|" if high > low else "|"
    return bare[:low] + middle + bare[high:]


ENTER = [
    ("- a|", "- a\n- |"),
    ("* a|b", "* a\n* |b"),
    ("- a| b", "- a\n- |b"),
    ("- |a", "- \n- |a"),
    ("-   a|", "-   a\n-   |"),
    ("- [x] done|", "- [x] done\n- [ ] |"),
    ("> a|", "> a\n> |"),
    ("> - a|", "> - a\n> - |"),
    ("- a\r\n- b|", "- a\r\n- b\r\n- |"),
    ("- a|bc|d\n- e", "- a\n- |d\n- e"),
    ("- a|b\n- c|d\n- e", "- a\n- |d\n- e"),
    # Numbers
    ("1. a|\n2. b\n3. c", "1. a\n2. |\n3. b\n4. c"),
    ("1) a|", "1) a\n2) |"),
    ("1. a|\n1. b", "1. a\n1. |\n1. b"),
    ("1. a\n1. b|", "1. a\n1. b\n1. |"),
    ("5. a\n9. b|\n7. c", "5. a\n9. b\n10. |\n7. c"),
    ("8. a|\n9. b\n   - x\n10. c", "8. a\n9. |\n10. b\n    - x\n11. c"),
    ("1. a|\n\n   more\n\n2. b", "1. a\n2. |\n\n   more\n\n3. b"),
    ("999999999. a|", "999999999. a\n999999999. |"),
    # An empty one ends it, a level at a time
    ("- a\n- |", "- a\n\n|"),
    ("- a\n- |\n- b", "- a\n\n|\n- b"),
    ("- |", "|"),
    ("- a\n\n- |", "- a\n\n|"),
    ("- a\n  - b\n  - |\n- c", "- a\n  - b\n- |\n- c"),
    ("1. a\n   1. b\n   2. |\n2. c", "1. a\n   1. b\n2. |\n3. c"),
    ("- a\n  - |", "- a\n- |"),
    ("> a\n> |", "> a\n\n|"),
    ("> > a\n> > |", "> > a\n>\n> |"),
    ("> - a\n> - |", "> - a\n>\n> |"),
    # Left alone
    ("plain|", None),
    ("|- a", None),
    ("-| a", None),
    ("| a | b |\n|---|---|\n| c¦ | d |", None),
    ("```\n- a|\n```", None),
    ("---\n- a|\n---", None),
    ("    - a|", None),
    ("a\n---|", None),
    ("* * *|", None),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), ENTER)
def test_enter(before: str, after: str | None) -> None:
    if "¦" in before:  # a table has bars of its own
        bare = before.replace("¦", "")
        document, at = Document(bare), before.index("¦")
        assert new_line(document, Reading(document), at, at) is None
        return
    assert done(new_line, before or "|") == after


TAB = [
    ("- a\n- b|", "- a\n  - b|", "- a\n- b|"),
    ("- a\n- |", "- a\n  - |", "- a\n- |"),
    ("1. a\n2. b|\n3. c", "1. a\n   1. b|\n2. c", "1. a\n2. b|\n3. c"),
    ("1. a\n   - x\n2. b|\n   - y\n3. c",
     "1. a\n   - x\n   1. b|\n      - y\n2. c", "1. a\n   - x\n2. b|\n   - y\n3. c"),
    ("1. a\n2. |b\n3. c|\n4. d", "1. a\n   1. |b\n   2. c|\n2. d", "1. a\n2. |b\n3. c|\n4. d"),
    ("> - a\n> - b|", "> - a\n>   - b|", "> - a\n> - b|"),
    ("- a|", "- a|", "- a|"),
    ("x|", None, None),
    ("1. a\n2. b|\n   para\n\n   more\n3. c",
     "1. a\n   1. b|\n      para\n\n      more\n2. c", "1. a\n2. b|\n   para\n\n   more\n3. c"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "inside", "back"), TAB)
def test_tab_and_back(before: str, inside: str | None, back: str | None) -> None:
    assert done(indent, before) == inside
    if inside is not None:
        assert done(outdent, inside) == back


def test_what_was_behind_an_item_that_goes_up_is_within_it() -> None:
    before = "1. a\n   1. b|\n   2. c\n2. d"
    assert done(outdent, before) == "1. a\n2. b|\n   1. c\n3. d"


def test_tabs_indent_where_the_writer_wants_tabs() -> None:
    assert done(indent, "- a\n- b|", tabs=True) == "- a\n\t- b|"


LINES = st.sampled_from(
    [
        "- a",
        "1. b",
        "2. c",
        "> d",
        "",
        "  - e",
        "   1. f",
        "x",
        "- ",
        "> - g",
        "```",
        "| a |",
        "\t- h",
        "10) i",
    ]
)


@given(st.lists(LINES, min_size=1, max_size=12), st.data())
def test_a_change_is_within_the_draft_and_keeps_every_word(
    lines: list[str], data: st.DataObject
) -> None:
    text = "\n".join(lines)
    low = data.draw(st.integers(0, len(text)))
    for key in (new_line, indent, outdent):
        document = Document(text)
        change = key(document, Reading(document), low, low)
        if change is None:
            continue
        ends = [0]
        for start, end, _ in change.pieces:
            assert ends[-1] <= start <= end <= len(text)
            ends.append(end)
        after = text
        for start, end, new in sorted(change.pieces, reverse=True):
            after = after[:start] + new + after[end:]
        assert [sign for sign in after if sign.isalpha()] == [
            sign for sign in text if sign.isalpha()
        ]
        assert all(0 <= place <= len(after) for place in change.selection)


@given(st.text("ab", max_size=20), st.data())
def test_a_place_is_carried_as_its_character_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    place = data.draw(st.integers(0, len(text)))
    new = data.draw(st.text("xy", max_size=4))
    moved = carried(((start, end, new),), place)
    after = text[:start] + new + text[end:]
    if place < start or place >= end:
        assert after[moved:] == text[place:] or place < start
        assert after[:moved] == text[:place] or place >= end
    else:
        assert moved == (start + len(new) if place > start else start)
