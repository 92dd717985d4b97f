"""The settings of the grammar checker."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class GrammarSettings(Struct, frozen=True):
    """The grammar of English drafts, checked by the extra `cowrite[grammar]`."""

    english: Annotated[
        Literal["off", "american", "british", "australian", "canadian", "indian"],
        Meta(
            description="Underline what is wrong by the grammar of this English. Nothing leaves this machine."
        ),
    ] = "off"
    rules_off: Annotated[
        tuple[str, ...],
        Meta(description="Names of rules that are left alone, as Correct shows them."),
    ] = ()
