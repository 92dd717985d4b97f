"""Headings, footnotes and links by key. A bar is the cursor, two are the selection's ends."""

import pytest

from cowrite.core import heading_keys, link_keys
from cowrite.core.change import Change
from cowrite.core.document import Document
from cowrite.core.reading import Reading


def read(text: str) -> tuple[Document, int, int]:
    low, _, rest = text.partition("|")
    middle, bar, behind = rest.partition("|")
    if not bar:
        middle, behind = "", rest
    return Document(low + middle + behind), len(low), len(low + middle)


def shown(document: Document, change: Change | None) -> str | None:
    if change is None:
        return None
    text = document.text
    for start, end, new in sorted(change.pieces, reverse=True):
        text = text[:start] + new + text[end:]
    low, high = change.selection
    return text[:low] + "|" + (text[low:high] + "|" if high > low else "") + text[high:]


@pytest.mark.parametrize(
    ("text", "up", "down"),
    [
        ("# a|", "a|", "## a|"),
        ("## a|\nb", "# a|\nb", "### a|\nb"),
        ("###### a|", "##### a|", None),
        ("|##### a\n###### b|", "|#### a\n##### b|", "|###### a\n###### b|"),
        ("## a ##|", "# a|", "### a|"),
        ("Title|\n=====\nx", "Title|\nx", "## Title|\nx"),
        ("Title|\n---", "# Title|", "### Title|"),
        ("## one\n\ntext|", "## one\n\n## text|", "## one\n\n### text|"),
        ("text|", "# text|", "# text|"),
        ("|# a\nx\n### b|", "|a\nx\n## b|", "|## a\nx\n#### b|"),
        ("#|", "|", "## |"),
        ("|", "# |", "# |"),
        ("```\n# a|\n```", None, None),
        ("| a |\n|---|\n|", None, None),
    ],
)
def test_headings_go_up_and_down(text: str, up: str | None, down: str | None) -> None:
    if text.startswith("| a"):
        document, low, high = Document("| a |\n|---|\n| b |"), 13, 13
    else:
        document, low, high = read(text)
    reading = Reading(document)
    assert shown(document, heading_keys.shift(document, reading, low, high, up=True)) == up
    assert shown(document, heading_keys.shift(document, reading, low, high, up=False)) == down


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a| b", "a[^1] b\n\n[^1]: |"),
        ("a|", "a[^1]\n\n[^1]: |"),
        ("a| b\n", "a[^1] b\n\n[^1]: |\n"),
        ("a[^1] b|\n\n[^1]: x\n", "a[^1] b[^2]\n\n[^1]: x\n[^2]: |\n"),
        ("a\r\nb|", "a\r\nb[^1]\r\n\r\n[^1]: |"),
        ("a[^x|] b\n\n[^x]: text", "a[^x] b\n\n[^x]: text|"),
        ("a[^x] b\n\n[^x]: te|xt", "a[^x]| b\n\n[^x]: text"),
        ("a\n\n|\n", "a\n\n[^1]\n\n[^1]: |\n"),
        ("|", "[^1]\n\n[^1]: |"),
    ],
)
def test_footnotes(before: str, after: str) -> None:
    document, _, high = read(before)
    assert shown(document, link_keys.footnote(document, high)) == after


@pytest.mark.parametrize(
    ("before", "copied", "after"),
    [
        ("a |b| c", "", "a [b](|) c"),
        ("a |b| c", "https://x.y/z ", "a [b](https://x.y/z)| c"),
        ("a | c", "", "a [|]() c"),
        ("a | c", "https://x.y", "a [|](https://x.y) c"),
        ("|https://x.y|", "", "[|](https://x.y)"),
        ("[a|b](x)", "", "[ab](|x|)"),
        ("|a\nb|", "", None),
    ],
)
def test_links(before: str, copied: str, after: str | None) -> None:
    document, low, high = read(before)
    assert shown(document, link_keys.link(document, low, high, copied)) == after
