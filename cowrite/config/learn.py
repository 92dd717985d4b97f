"""The settings of what is learned from the writer."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct


class LearnSettings(Struct, frozen=True):
    """What is learned from the writer's own words, and what of it is used."""

    when: Annotated[
        Literal["never", "ask", "idle"],
        Meta(
            description="When an adapter is trained. never: only by `cowrite learn --now`. ask: cowrite says "
            "when there is enough new text. idle: by itself, while nothing is typed in an open window."
        ),
    ] = "ask"
    use: Annotated[
        bool,
        Meta(description="Use what was learned and passed the gate. Off, the model is as it came."),
    ] = True
    passages: Annotated[
        int,
        Meta(
            ge=0,
            le=16_000,
            description="Tokens of the writer's earlier passages that the model sees before the draft. "
            "With 0, it sees none.",
        ),
    ] = 0
    order: Annotated[
        bool,
        Meta(
            description="Put the candidate first that the writer will most likely take, and with "
            "suggestions.auto show only what is likely enough."
        ),
    ] = True
    likely: Annotated[
        float,
        Meta(
            ge=0.0,
            le=1.0,
            description="Auto keeps a candidate to itself where you would take some of it with a lower "
            "probability than this, as learned from you; before anything is learned suggestions.auto_threshold "
            "decides. With 0, all are shown.",
        ),
    ] = 0.25
    timing: Annotated[
        bool,
        Meta(
            description="Let the pause and the length of suggestions.auto follow what is taken and refused: "
            "five refusals in a row double the pause, ten give it a rest of 30 seconds."
        ),
    ] = True
