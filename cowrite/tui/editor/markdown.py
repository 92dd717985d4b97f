"""How the spans of a draft's Markdown are shown: signs that are no text are dim, whatever they are for."""

from __future__ import annotations

from cowrite.core.inline import Spans

_SHOWN_AS = {
    **dict.fromkeys(("delimiter", "escape", "address", "html", "comment"), "mark"),
    **dict.fromkeys(("url", "entity"), None),
}
"""Kinds of spans that the page has no style of its own for; None for those that look as text does."""


def shown(spans: Spans) -> Spans:
    """The spans by the names of the page's layers; later ones lie over earlier ones."""
    found = ((low, high, _SHOWN_AS.get(kind, kind)) for low, high, kind in spans)
    return tuple((low, high, name) for low, high, name in found if name is not None)
