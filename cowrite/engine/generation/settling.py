"""The last step of a request in the middle of a text: which of its candidates are shown, and in which order."""

from __future__ import annotations

from cowrite.core.suggestion import Candidate, Fit
from cowrite.engine.backend import Backend, Decoded
from cowrite.engine.generation.attempt import Attempt
from cowrite.engine.generation.following import Following, best_of, likelihoods, tokens_of
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.sampling import Scratch
from cowrite.engine.generation.stepping import Event


class Settling:
    """Judges the candidates of one request by what follows, where something does.

    All but the first, which is read while it grows, are told only then: so nothing that could be read gives way
    to what was written beside it.
    """

    def __init__(
        self, prompt: Prompt, count: int, backend: Backend, kv: KvCache, scratch: Scratch
    ) -> None:
        """count: candidates that are shown."""
        self._prompt, self._count = prompt, count
        self._backend, self._kv, self._scratch = backend, kv, scratch
        self._following = Following.of(prompt.context, backend) if count > 1 else None
        self._whole: dict[int, tuple[int, ...]] = {}
        """The tokens of each candidate that is judged, the prompt's with them."""
        self.fit: Fit | None = None
        """The order, once it is known."""

    @property
    def pending(self) -> bool:
        """Whether something follows that is still to be judged."""
        return self._following is not None

    def holds(self, number: int) -> bool:
        """Whether this candidate is told only when the order is."""
        return self.pending and number > 0

    def ended(self, attempt: Attempt) -> None:
        """A candidate is as it will be."""
        if self.pending and attempt.final.strip():
            self._whole[attempt.number] = tokens_of(attempt, self._prompt, self._backend)

    def anew(self, number: int) -> None:
        """A candidate is written once more."""
        self._whole.pop(number, None)

    def settle(self, results: dict[int, Candidate]) -> list[Event]:
        """All have ended: put the best ones into the places that are shown, and tell those that were held.

        Nothing is done where it was interrupted: then it is still pending.
        """
        if self._following is None:
            return []
        numbers = sorted(self._whole)
        texts = [self._whole[number] for number in numbers]
        found = likelihoods(self._following, texts, self._backend, self._kv, self._scratch)
        if found is Decoded.INTERRUPTED:
            return []
        first = False
        if not isinstance(found, Decoded) and numbers:
            fits = {number: sum(each) for number, each in zip(numbers, found, strict=True)}
            first = self._place(results, fits)
        return ([(0, results[0])] if first else []) + self.release(results)

    def _place(self, results: dict[int, Candidate], fits: dict[int, float]) -> bool:
        """Choose the best and their order. True where the first one had no text, and now has another's."""
        places = best_of(fits, self._count, [0] if 0 in fits else [])
        written = dict(results)
        for place, number in places.items():
            results[place] = written[number]
        shown = {place: fits[number] for place, number in places.items()}
        order = sorted(range(self._count), key=lambda n: (-shown.get(n, float("-inf")), n))
        self.fit = Fit(tuple(order), tuple(shown.get(n) for n in range(self._count)))
        return bool(places.get(0))

    def release(self, results: dict[int, Candidate]) -> list[Event]:
        """Tell those that were held back, as they are, and judge nothing more."""
        held = [number for number in sorted(results) if self.holds(number)]
        self._following = None
        return [(number, results[number]) for number in held if number < self._count]
