"""One suggestion while its session goes by: its life, how long it was seen, and what became of its text."""

from __future__ import annotations

from cowrite.core.edits import Edit
from cowrite.core.events import Closed, Requested, Shown
from cowrite.core.ghost import Effect, Suggestion
from cowrite.feedback.exposure import Exposure
from cowrite.feedback.survival import FollowedText
from cowrite.feedback.typed_instead import TypedInstead


class SuggestionTrace:
    """What is known so far of one request. Its texts are kept elsewhere (`requested`, `generated`)."""

    __slots__ = (
        "chosen",
        "exposure",
        "followed",
        "generated",
        "instead",
        "reasons",
        "requested",
        "suggestion",
    )

    def __init__(self, asked: Requested, requested: tuple[int, int]) -> None:
        self.suggestion = Suggestion(asked.suggestion_id, asked.position, [])
        self.requested = requested
        """Where the request lies in the spill file, and"""
        self.generated: tuple[int, int] | None = None
        """where its answer does."""
        self.exposure = Exposure()
        self.chosen: int | None = None
        """The candidate of which something was taken."""
        self.followed: FollowedText | None = None
        """What of it was accepted, and what becomes of that."""
        self.instead: TypedInstead | None = None
        self.reasons: tuple[str, ...] = ()
        """What the writer said of it."""

    @property
    def decided(self) -> bool:
        """Whether something of it was taken, or taken and given back."""
        return bool(self.suggestion.accepted) or self.suggestion.accepted.refused

    def answered(self, generated: tuple[int, int]) -> None:
        """Its answer lies there in the spill file."""
        self.generated = generated

    def shown(self, body: Shown, now: int, *, focused: bool) -> None:
        """A candidate came on screen."""
        self.suggestion.shown(body.candidate, body.where)
        self.exposure.note(body.candidate)
        self.look(now, focused=focused)

    def look(self, now: int, *, focused: bool) -> None:
        """From now on what is on screen is seen, or nothing is."""
        seen = {candidate for candidate, _ in self.suggestion.on_screen} if focused else set()
        self.exposure.see(seen, now)

    def edited(self, edit: Edit) -> Effect:
        """The draft was changed."""
        effect = self.suggestion.edited(edit)
        if effect is Effect.TOOK:
            self.chosen = edit.candidate
        return effect

    def follow(self, followed: FollowedText) -> None:
        """Its accepted text is followed from now on."""
        self.followed = followed

    def closed(self, body: Closed, now: int) -> None:
        """It left the screen."""
        self.suggestion.closed(body.closing)
        self.exposure.see((), now)

    def watch(self, now: int, most: int | None = None) -> TypedInstead:
        """Look from now on what is typed in its place, at most so many characters."""
        self.instead = TypedInstead(self.suggestion.position, now, most)
        return self.instead
