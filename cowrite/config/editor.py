"""The settings of the editor and of what looks over the writer's shoulder."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class EditorSettings(Struct, frozen=True):
    """The page."""

    column: Annotated[
        int, Meta(ge=60, le=100, description="Width of the text, in terminal columns.")
    ] = 80
    typewriter: Annotated[
        bool, Meta(description="Keep the line that is written in the middle of the screen.")
    ] = False
    focus: Annotated[
        Literal["off", "paragraph", "sentence"],
        Meta(description="Dim everything but the paragraph or sentence at the cursor."),
    ] = "off"
    markdown: Annotated[bool, Meta(description="Show headings and emphasis of Markdown.")] = True
    lists: Annotated[
        bool,
        Meta(
            description="Go on with lists, numbers and quotations at Enter, and indent items with Tab. "
            "Without, these keys write a new line and a tab everywhere."
        ),
    ] = True
    smart_quotes: Annotated[
        bool, Meta(description="Turn typed quotes, dashes and dots into typographic ones.")
    ] = False
    quotes: Annotated[
        Literal[
            "auto",
            "english",
            "german",
            "polish",
            "swedish",
            "guillemets",
            "french",
            "spanish",
            "russian",
            "danish",
            "japanese",
        ],
        Meta(
            description="Which quotes smart ones are: auto: those of the draft's language. english “ ” ‘ ’, "
            "german „ “ ‚ ‘, polish „ ” ‚ ’, swedish ” ” ’ ’, guillemets « » ‹ ›, french the same with spaces, "
            "spanish « » “ ”, russian « » „ “, danish » « › ‹, japanese 「 」 『 』."
        ),
    ] = "auto"
    spelling: Annotated[
        Literal["off", "en", "de", "es", "fr", "it", "nl", "pt", "eu", "lv", "ar"],
        Meta(
            description="Underline words that the word list of this language doesn't have. Nothing leaves "
            "this machine."
        ),
    ] = "off"
    tab: Annotated[
        Literal["tab", "spaces"],
        Meta(description="What the tab key writes while no suggestion is shown."),
    ] = "spaces"
    autosave_s: Annotated[
        int,
        Meta(ge=0, le=3600, description="Save after so many seconds. With 0, only when told to."),
    ] = 0
    show_origins: Annotated[
        bool, Meta(description="Colour the text by who wrote it: writer, model, both, pasted.")
    ] = False
    word_goal: Annotated[
        int,
        Meta(
            ge=0, le=1_000_000, description="Words to write in a session. With 0, there is no goal."
        ),
    ] = 0
    show_time: Annotated[
        bool, Meta(description="Say in the status line how long this session lasts.")
    ] = False
    show_streak: Annotated[
        bool,
        Meta(
            description="Say there on how many days in a row words were typed, as the log has it."
        ),
    ] = False
