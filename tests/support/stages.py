"""A window for pictures: a draft, an engine that says what it is told to, and nothing that a clock changes."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from pathlib import Path

from editor_bench import StillEngine
from textual.pilot import Pilot

from cowrite.core.suggestion import Candidate, Timings, Token
from cowrite.engine.protocol import Done, EngineOptions, EngineState, ModelFile, StateChanged
from cowrite.session.draft import DraftSession
from cowrite.session.engine_news import EngineSaid, ModelFound
from cowrite.session.found_model import FoundModel
from cowrite.tui.app import CowriteApp

MODEL = ModelFile("gemma-3-270m", Path("/nowhere/gemma.gguf"))

SURE = (-0.05, -0.4, -1.2, -2.6, -4.5)
"""Log-probabilities that words have in turn, so that the token view has something of each."""


def candidate(text: str) -> Candidate:
    """A text as the model would have written it, a word a token, each with two alternatives."""
    words = [word if index == 0 else f" {word}" for index, word in enumerate(text.split(" "))]
    if text.startswith(" "):
        words = words[1:]
    return Candidate(
        text,
        tuple(
            Token(word, sure, ((" some", -2.0), (" nobody", math.log(0.05))))
            for word, sure in zip(words, itertools.cycle(SURE), strict=False)
        ),
    )


@dataclass
class Stage:
    """What the steps of a scene act on."""

    app: CowriteApp
    pilot: Pilot[None]
    engine: StillEngine
    texts: tuple[str, ...]

    @property
    def session(self) -> DraftSession:
        """That of the draft on the screen."""
        assert self.app.draft is not None
        return self.app.draft.session

    def tell(self, state: EngineState, reason: str = "") -> None:
        """Let the window hear of the engine's state."""
        engine = self.app.engine
        engine.take(EngineSaid(StateChanged(state, reason), engine._client))  # type: ignore[arg-type]

    def begin(self) -> None:
        """The model is there."""
        self.app.engine.take(ModelFound(FoundModel(MODEL, EngineOptions()), self.engine))  # type: ignore[arg-type]
        self.tell(EngineState.READY)
        for draft in self.app.drafts:
            self.engine.session = draft.session

    def stream(self) -> None:
        """Ask; half of the first candidate has come."""
        self.session.requests.ask()
        self.tell(EngineState.WRITING)
        self.engine.say(self.texts[0][: len(self.texts[0]) // 2])

    def suggest(self) -> None:
        """Ask; all candidates have come."""
        self.session.requests.ask()
        answer = tuple(candidate(text) for text in self.texts)
        request = self.engine.requests[-1]
        self.session.answers.receive(Done(request, answer, 120, 100, Timings(1.0, 1.0, 2.0)))

    async def settle(self, seconds: float = 0.3) -> None:
        """Let timers that bring counts and the scroll bar up to date do so."""
        await self.pilot.pause(seconds)
