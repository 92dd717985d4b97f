"""The candidates of one request, all of them in one batch a step."""

from __future__ import annotations

from cowrite.core.beginnings import beginning_at
from cowrite.core.seeds import ASKED_AGAIN
from cowrite.core.suggestion import Candidate, Fit, Params, Sampling, StopReason
from cowrite.engine.backend import Backend, Decoded
from cowrite.engine.generation.attempt import Attempt
from cowrite.engine.generation.boldness import BOLDNESS, BOLDNESS_OF_STARTS, bolder
from cowrite.engine.generation.first_tokens import FirstTokens
from cowrite.engine.generation.first_words import FirstWords
from cowrite.engine.generation.healing import PieceIndex
from cowrite.engine.generation.kv_cache import KvCache
from cowrite.engine.generation.prompt import Prompt
from cowrite.engine.generation.repetition import Repetition, breaking
from cowrite.engine.generation.sameness import Sameness
from cowrite.engine.generation.sampling import (
    Scratch,
    candidate_rng,
    choose,
    shortlist,
    wide,
)
from cowrite.engine.generation.settling import Settling
from cowrite.engine.generation.stepping import Event, alternatives, evaluate
from cowrite.engine.generation.stopping import Stopping, alike

WAVE = 4
"""Candidates in one batch: on two cores, more of them cost more than they bring."""

MOST_ATTEMPTS = 3
"""Tries at one candidate before the best of them must do."""


class CandidateBatch:
    """One request on a prompt that the prefix holds. Call `step` until `done`.

    It can be left lying between two steps, so that a request which was begun ahead of time is simply
    gone on with when it is asked for.
    """

    def __init__(
        self,
        backend: Backend,
        kv: KvCache,
        prompt: Prompt,
        params: Params,
        seed: int,
        index: PieceIndex,
        scratch: Scratch,
        home: int = 0,
        ends: tuple[str, ...] = (),
    ) -> None:
        """home: the sequence that holds the prompt, the prefix or one of its own. ends: of `Suggest`."""
        self.prompt = prompt
        self.params = params
        self.seed = seed
        self.done = False
        self.results: dict[int, Candidate] = {}
        self.sequences: list[int] = []
        self._backend, self._kv, self._home = backend, kv, home
        self._scratch = scratch
        self._ending = Stopping(
            prompt.context.text,
            prompt.context.after,
            params.stop,
            params.sampling.banned,
            loops=params.sampling.dry_multiplier <= 0,
            head=prompt.context.head + prompt.context.near,
            ends=ends,
        )
        self._beginning = beginning_at(prompt.context.before)
        self._beginnings = FirstTokens(
            kv.rows(prompt), prompt, params.logprobs, backend, index, scratch, self._beginning
        )
        self._sameness = Sameness(prompt.context.before, backend)
        self._words = FirstWords(self._beginning)
        self._tries: dict[int, int] = {}
        self._active: list[Attempt] = []
        self._settling = Settling(prompt, params.n, backend, kv, scratch)
        beside = max(0, WAVE - params.n) if self._settling.pending else 0
        self._waiting = list(range(params.n + beside))
        self._limit = max(1, min(params.max_tokens, backend.facts.context // 2))
        self._events: list[Event] = []

    # One step

    def step(self) -> list[Event]:
        """Begin what can begin, else evaluate and choose one token of each candidate."""
        if attempts := self.attempts:
            return self.took(evaluate(self._backend, self._kv, attempts))
        self._events = []
        if self._waiting:
            for _ in range(min(WAVE - len(self._active), len(self._waiting))):
                self._begin(self._waiting.pop(0), muted=False)
        else:
            self._events += self._settling.settle(self.results)
        return self._stepped()

    @property
    def attempts(self) -> list[Attempt]:
        """Those whose newest token is to be evaluated; none where a step does something else."""
        return [] if self._waiting and len(self._active) < WAVE else list(self._active)

    def took(self, result: Decoded, first: int = 0) -> list[Event]:
        """The attempts' tokens were evaluated, or not: choose one token more of each. first: the place of their
        first one in the batch, in which those of others may be too.
        """
        self._events = []
        if result is Decoded.FULL:
            return self.stop(StopReason.LENGTH)
        batch = list(self._active) if result is Decoded.DONE else []
        for place, attempt in enumerate(batch, first):
            self._choose(attempt, place)
        for attempt in batch:
            if attempt in self._active:
                self._look(attempt)
        self._give_up_others()
        return self._stepped()

    def _stepped(self) -> list[Event]:
        self.done = not self._active and not self._waiting and not self._settling.pending
        return self._events

    def stop(self, reason: StopReason) -> list[Event]:
        """End every candidate as it is."""
        self._events = []
        for attempt in list(self._active):
            attempt.end(attempt.text, reason)
            self._close(attempt)
        self._waiting.clear()
        self._events += self._settling.release(self.results)
        self.done = True
        return self._events

    @property
    def in_use(self) -> list[int]:
        """The sequences that are written in now."""
        return [attempt.sequence for attempt in self._active]

    @property
    def fit(self) -> Fit | None:
        """The order by what follows, once all have ended; None where nothing follows that counts."""
        return self._settling.fit

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The values as they are now, one for each that was asked for; those without text are empty."""
        running = {attempt.number: attempt.candidate() for attempt in self._active}
        return tuple(
            self.results.get(number) or running.get(number) or Candidate("", (), None)
            for number in range(self.params.n)
        )

    def _begin(self, number: int, *, muted: bool) -> None:
        """Choose a candidate's first token, its word unlike those of the others where that can be had."""
        self._sameness.forget(number)
        tries = self._tries[number] = self._tries.get(number, -1) + 1
        rng = candidate_rng(self.seed, number, tries)
        others, sampling = self._words.of_others(number), self._bolder(number, BOLDNESS_OF_STARTS)
        start = self._beginnings.take(sampling, others, rng)
        if start is None:
            self.results[number] = Candidate("", (), StopReason.END)
            if not self._settling.holds(number):
                self._events.append((number, self.results[number]))
            return
        repetition = Repetition(list(self.prompt.tokens), breaking(self._backend))
        repetition.pop(len(self.prompt.tail.tokens) - start.kept)
        muted = muted or tries > 0 or self._settling.holds(number)
        attempt = Attempt(number, start, rng, repetition, self._ending, muted=muted)
        attempt.base = len(self.prompt.tokens) - len(self.prompt.tail.tokens) + start.kept
        attempt.push(start.token, start.text, start.logprob, self._beginnings.alternatives)
        self._words.note(number, attempt.text)
        attempt.sequence = self._kv.claim(1, avoid=self.in_use)[0]
        self._kv.fork(attempt.sequence, attempt.base, self._home)
        self.sequences.append(attempt.sequence)
        self._active.append(attempt)
        self._look(attempt)

    def _bolder(self, number: int, factors: tuple[float, ...]) -> Sampling:
        """The request's sampling with the temperature of this candidate."""
        if self.params.n == 1 or self.seed >= ASKED_AGAIN:
            return self.params.sampling
        return bolder(self.params.sampling, number, factors)

    # Evaluation

    def _choose(self, attempt: Attempt, place: int) -> None:
        """Choose the next token of an attempt from the logits at `place` of the batch."""
        sampling = self._bolder(attempt.number, BOLDNESS)
        best = shortlist(
            self._backend.row(place), max(wide(sampling), self.params.logprobs), self._scratch
        )
        penalties = attempt.repetition.penalties(sampling)
        for other, nats in self._sameness.penalties(attempt.number).items():
            penalties[other] = penalties.get(other, 0.0) + nats
        penalties.update(dict.fromkeys(attempt.banned_here, float("inf")))
        if attempt.ends_in_space:
            for token in best.ids.tolist():
                if self._backend.piece(token)[:1] == b" ":
                    penalties[token] = float("inf")
        chosen = choose(best.ids, best.logprobs, sampling, penalties, attempt.rng)
        if chosen is None:
            attempt.end(attempt.text, StopReason.END)
            return
        token = int(best.ids[chosen])
        if self._backend.ends(token):
            attempt.end(attempt.text, StopReason.END)
            return
        others = alternatives(self._backend, best, self.params.logprobs)
        piece = self._backend.piece(token)
        self._sameness.note(attempt.number, token, piece)
        attempt.push(token, piece, float(best.logprobs[chosen]), others)

    # What was written

    def _look(self, attempt: Attempt) -> None:
        """Judge an attempt after its newest token: go on, go back, end it or begin it anew."""
        verdict = None if attempt.stop else attempt.judge()
        full = len(attempt.tokens) >= self._limit
        final = bool(attempt.stop or verdict or full)
        banned = self._ending.banned_at(attempt.text, final=final)
        if banned is not None:
            self._go_back(attempt, banned)
            return
        if attempt.stop is None and verdict is not None:
            attempt.end(verdict.text, verdict.stop)
        elif attempt.stop is None and full:
            attempt.end(attempt.text, StopReason.LENGTH)
        if attempt.stop is not None:
            if not self._replaced(attempt):
                self._close(attempt)
        elif not self._same_first_word(attempt) and not attempt.muted:
            text = attempt.fresh()
            if text:
                self._events.append((attempt.number, text))

    def _go_back(self, attempt: Attempt, at: int) -> None:
        """Take a banned phrase back: another token where it began, or another beginning."""
        attempt.stop = None
        if attempt.rewind(at):
            self._kv.shrink(attempt.sequence, attempt.base + len(attempt.tokens) - 1)
        elif (attempt.rewinds > 1 and at > 0) or not self._again(attempt, limit=10):
            attempt.end(attempt.text[:at], StopReason.LENGTH)
            self._close(attempt)

    def _same_first_word(self, attempt: Attempt) -> bool:
        """Whether the first word, now that it is whole, is another candidate's: then it was begun anew.

        Until its first word is whole, nothing of such a candidate is shown.
        """
        if attempt.number == 0 or attempt.streamed:
            return False
        if not self._words.is_whole(attempt.text):
            return True
        return self._words.was_taken(attempt.number, attempt.text) and self._again(attempt)

    def _replaced(self, attempt: Attempt) -> bool:
        """Whether an ended attempt was empty or said what others say, and was begun anew.

        The first candidate is the ghost that is read while it grows: it stays, and the others give way.
        """
        text = attempt.final
        if not self._words.said(text).strip() or self._ending.is_no_good(text, attempt.stop):
            if not self._again(attempt, limit=2 * MOST_ATTEMPTS):
                attempt.final = ""
                return False
            return True
        twins = [
            number
            for number, other in self.results.items()
            if number != attempt.number
            and (number < self.params.n or number < attempt.number)
            and other.text
            and alike(self._words.said(text), self._words.said(other.text))
        ]
        if attempt.number == 0 and attempt.streamed:
            for number in twins:
                self._redraw(number)
            return False
        return bool(twins) and self._again(attempt)

    def _redraw(self, number: int) -> None:
        """Write an ended candidate anew, unseen until it has ended again; one that is beside is given up."""
        beside = number >= self.params.n
        if beside or self._tries[number] + 1 < MOST_ATTEMPTS:
            del self.results[number]
            self._settling.anew(number)
            if not beside:
                self._begin(number, muted=True)

    def _again(self, attempt: Attempt, limit: int = MOST_ATTEMPTS) -> bool:
        """Begin the candidate anew with another first token; false where it was tried often enough."""
        if self._tries[attempt.number] + 1 >= limit:
            return False
        self._active.remove(attempt)
        self._kv.release(attempt.sequence)
        self._begin(attempt.number, muted=bool(attempt.streamed) or attempt.muted)
        return True

    def _close(self, attempt: Attempt) -> None:
        self._active.remove(attempt)
        value = attempt.candidate()
        self.results[attempt.number] = value
        self._settling.ended(attempt)
        if self._settling.holds(attempt.number):
            return
        if not attempt.muted and value.text.startswith(attempt.streamed):
            rest = value.text[len(attempt.streamed) :]
            if rest:
                self._events.append((attempt.number, rest))
        self._events.append((attempt.number, value))

    def _give_up_others(self) -> None:
        """What is written beside those that are shown makes nobody wait."""
        if all(attempt.number >= self.params.n for attempt in self._active):
            for attempt in self._active:
                self._kv.release(attempt.sequence)
            self._active.clear()
