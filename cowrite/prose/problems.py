"""What a grammar checker finds in a sentence, and the lines on which its process is asked and answers."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """Something wrong in a sentence, at [start, end) of its code points.

    rule: its name, by which it is switched off. kind: of problem, in words (`Word Choice`). says: why, a
    sentence. fixes: what may stand in its place; an empty one leaves it out.
    """

    start: int
    end: int
    rule: str
    kind: str
    says: str
    fixes: tuple[str, ...] = ()


class Question(msgspec.Struct, frozen=True):
    """A sentence to be checked."""

    number: int
    text: str


class Answer(msgspec.Struct, frozen=True):
    """What was found in the sentence of this number; number -1: the checker is ready, or (trouble) can't be."""

    number: int
    problems: tuple[Problem, ...] = ()
    trouble: str = ""


_questions = msgspec.json.Decoder(Question)
_answers = msgspec.json.Decoder(Answer)


def line_of(message: Question | Answer) -> bytes:
    """A message as one line, its newline with it. Half a surrogate pair, which JSON has not, is sent as `?`."""
    if isinstance(message, Question) and any("\ud800" <= sign <= "\udfff" for sign in message.text):
        plain = message.text.encode("utf-8", "replace").decode("utf-8")
        message = Question(message.number, plain)
    return msgspec.json.encode(message) + b"\n"


def question_in(line: bytes) -> Question:
    """Raises msgspec.MsgspecError where the line is none."""
    return _questions.decode(line)


def answer_in(line: bytes) -> Answer:
    """Raises msgspec.MsgspecError where the line is none."""
    return _answers.decode(line)
