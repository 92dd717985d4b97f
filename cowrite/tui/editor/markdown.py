"""How the spans of a draft's Markdown are shown: signs that are no text are dim, whatever they are for."""

from __future__ import annotations

from cowrite.core.inline import Spans

_SHOWN_AS = {
    **dict.fromkeys(("delimiter", "escape", "address", "html", "comment"), "mark"),
    **dict.fromkeys(("url", "entity"), None),
}
"""Kinds of spans that the page has no style of its own for; None for those that look as text does."""


def shown(spans: Spans) -> Spans:
    """The spans by the names of the page's layers; later ones lie over earlier ones.

    What lies in one of the same name, or goes on from it, is left out: thousands of them may be in one another.
    """
    out: list[tuple[int, int, str]] = []
    reached: dict[str, int] = {}
    for low, high, kind in spans:
        name = _SHOWN_AS.get(kind, kind)
        if name is None or high <= reached.get(name, -1):
            continue
        reached[name] = high
        if out and out[-1][2] == name and out[-1][1] >= low:
            out[-1] = (out[-1][0], high, name)
        else:
            out.append((low, high, name))
    return tuple(out)
