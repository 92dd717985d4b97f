"""The answers to one task, all of them in one batch a step; one that is no good is written anew, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cowrite.core.seeds import ASKED_AGAIN
from cowrite.core.suggestion import Candidate, Fit, Params, Sampling, StopReason
from cowrite.engine.backend import Backend, Decoded, Row
from cowrite.engine.generation.attempt import Attempt
from cowrite.engine.generation.healing import Start
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.repetition import Repetition, breaking
from cowrite.engine.generation.sampling import Scratch, candidate_rng, choose, shortlist, wide
from cowrite.engine.generation.stepping import Event, alternatives, evaluate
from cowrite.engine.generation.stopping import Verdict, half_of

WAVE = 4
"""Answers in one batch, as for suggestions."""

OWN_RUN = 16
"""Tokens in a row that no answer says twice: more than the ten that a name may have."""

MOST_TRIES = 2

BOLDNESS = (0.0, 1.0)
"""Shares of the temperature: the first answer is the likeliest, the others and each new try dare more."""


@dataclass(frozen=True, slots=True)
class AnswerEnding:
    """An answer ends where one of these marks stands, or where the model says that it is over."""

    marks: tuple[str, ...] = ()

    def judge(self, text: str) -> Verdict | None:
        """Whether a mark has come."""
        found = [at for mark in self.marks if (at := text.find(mark)) >= 0]
        return Verdict(text[: min(found)], StopReason.END) if found else None

    def shown(self, text: str) -> str:
        """The text without white space around it, and without what may yet become a mark."""
        return text[: len(text) - half_of(self.marks, text)].strip()

    def finish(self, text: str) -> str:
        """The text without white space around it."""
        return text.strip()


class AnswerBatch:
    """The answers to a prompt that the prefix holds. Call `step` until `done`.

    flaws: how many things are wrong with an answer; what has any is tried again, and the better one stays.
    """

    def __init__(
        self,
        backend: Backend,
        kv: KvCache,
        prompt: Prompt,
        params: Params,
        seed: int,
        scratch: Scratch,
        ending: AnswerEnding,
        flaws: Callable[[Candidate], int],
        *,
        home: int = 0,
        boldness: tuple[float, ...] = BOLDNESS,
    ) -> None:
        """home: as of a `CandidateBatch`. boldness: each answer's share of the temperature."""
        self.prompt = prompt
        self.seed = seed
        self.done = False
        self.sequences: list[int] = []
        self.fit: Fit | None = None
        self._params = params
        self._backend, self._kv, self._scratch = backend, kv, scratch
        self._home, self._boldness = home, boldness
        self._ending, self._flaws = ending, flaws
        self._row: Row = kv.rows(prompt)[-1]
        self._limit = max(1, min(params.max_tokens, backend.facts.context // 2))
        self._waiting = list(range(params.n))
        self._active: list[Attempt] = []
        self._tries: dict[int, int] = {}
        self._results: dict[int, Candidate] = {}
        self._events: list[Event] = []

    def step(self) -> list[Event]:
        """Begin what can begin, else evaluate and choose one token of each answer."""
        if attempts := self.attempts:
            return self.took(evaluate(self._backend, self._kv, attempts))
        self._events = []
        if self._waiting:
            self._begin(self._waiting.pop(0))
        return self._stepped()

    @property
    def attempts(self) -> list[Attempt]:
        """Those whose newest token is to be evaluated; none where a step does something else."""
        return [] if self._waiting and len(self._active) < WAVE else list(self._active)

    def took(self, result: Decoded, first: int = 0) -> list[Event]:
        """The attempts' tokens were evaluated, or not; see `CandidateBatch.took`."""
        self._events = []
        if result is Decoded.FULL:
            return self.stop(StopReason.LENGTH)
        if result is Decoded.DONE:
            batch = list(self._active)
            for place, attempt in enumerate(batch, first):
                self._choose(attempt, self._backend.row(place))
            for attempt in batch:
                self._look(attempt)
        return self._stepped()

    def _stepped(self) -> list[Event]:
        self.done = not self._active and not self._waiting
        return self._events

    @property
    def in_use(self) -> list[int]:
        """The sequences that are written in now."""
        return [attempt.sequence for attempt in self._active]

    def stop(self, reason: StopReason) -> list[Event]:
        """End every answer as it is."""
        self._events = []
        for attempt in list(self._active):
            attempt.end(attempt.text, reason)
            self._leave(attempt)
            self._keep(attempt.number, attempt.candidate())
        self._waiting.clear()
        self.done = True
        return self._events

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The values as they are now, one for each that was asked for; those without text are empty."""
        running = {attempt.number: attempt.candidate() for attempt in self._active}
        return tuple(
            running.get(number) or self._results.get(number) or Candidate("", (), None)
            for number in range(self._params.n)
        )

    def _begin(self, number: int) -> None:
        tries = self._tries[number] = self._tries.get(number, -1) + 1
        attempt = Attempt(
            number,
            Start(0, 0, b"", 0.0),
            candidate_rng(self.seed, number, tries),
            Repetition([], breaking(self._backend), OWN_RUN),
            self._ending,
        )
        attempt.base = len(self.prompt.tokens)
        attempt.sequence = self._kv.claim(1, avoid=self.in_use)[0]
        self._kv.fork(attempt.sequence, attempt.base, self._home)
        self.sequences.append(attempt.sequence)
        self._active.append(attempt)
        self._choose(attempt, self._row)
        self._look(attempt)

    def _sampling(self, number: int) -> Sampling:
        again = self.seed >= ASKED_AGAIN or self._tries[number] > 0
        share = self._boldness[-1 if again else min(number, len(self._boldness) - 1)]
        sampling = self._params.sampling
        return replace(sampling, temperature=sampling.temperature * share)

    def _choose(self, attempt: Attempt, row: Row) -> None:
        """Choose the next token of an answer from these logits."""
        sampling = self._sampling(attempt.number)
        best = shortlist(row, max(wide(sampling), self._params.logprobs), self._scratch)
        penalties = attempt.repetition.penalties(sampling)
        chosen = choose(best.ids, best.logprobs, sampling, penalties, attempt.rng)
        token = None if chosen is None else int(best.ids[chosen])
        if chosen is None or token is None or self._backend.ends(token):
            attempt.end(attempt.text, StopReason.END)
            return
        others = alternatives(self._backend, best, self._params.logprobs)
        attempt.push(token, self._backend.piece(token), float(best.logprobs[chosen]), others)

    def _look(self, attempt: Attempt) -> None:
        """Go on with an answer after its newest token, or end it."""
        if attempt.stop is None and (verdict := attempt.judge()) is not None:
            attempt.end(verdict.text, verdict.stop)
        elif attempt.stop is None and len(attempt.tokens) >= self._limit:
            attempt.end(attempt.text, StopReason.LENGTH)
        if attempt.stop is not None:
            self._close(attempt)
        elif text := attempt.fresh():
            self._events.append((attempt.number, text))

    def _leave(self, attempt: Attempt) -> None:
        self._active.remove(attempt)
        self._kv.release(attempt.sequence)

    def _close(self, attempt: Attempt) -> None:
        """Keep an answer that has ended, or try it once more."""
        self._leave(attempt)
        number, value = attempt.number, attempt.candidate()
        earlier = self._results.get(number)
        flaws = self._flaws(value)
        if flaws and self._tries[number] + 1 < MOST_TRIES:
            self._results[number] = value
            self._events.append((number, None))
            self._begin(number)
            return
        if earlier is not None and self._flaws(earlier) < flaws:
            self._keep(number, earlier)
            return
        rest = value.text[len(attempt.streamed) :]
        if rest and value.text.startswith(attempt.streamed):
            self._events.append((number, rest))
        self._keep(number, value)

    def _keep(self, number: int, value: Candidate) -> None:
        self._results[number] = value
        self._events.append((number, value))
