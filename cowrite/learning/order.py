"""An order of candidates: the weights that make P(accept) of a candidate's features, and the file they are in.

A session reads it, so nothing heavy is imported here: a probability is a sum of twenty products.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cowrite.errors import CowriteError, UsageError
from cowrite.learning.features import NAMES
from cowrite.learning.timing import Timing
from cowrite.paths import private_folder, write_private

FORMAT = 1
"""Of the file; another one is not read."""

KEPT = 5
"""Earlier orders that are kept, so that one can be taken back."""

_NAME = "order.json"


class Order(msgspec.Struct, frozen=True):
    """What was learned. `number` counts the orders of this writer, 0 is the prior.

    weights: the constant, then one of each feature of `names`. decisions: how many it was fitted on. error:
    the calibration error; loss, prior_loss: mean nats a decision, all on `judged` held-out ones.
    """

    number: int
    names: tuple[str, ...]
    weights: tuple[float, ...]
    decisions: int = 0
    judged: int = 0
    error: float = 0.0
    loss: float = 0.0
    prior_loss: float = 0.0
    timing: Timing = Timing()
    format: int = FORMAT

    @property
    def label(self) -> str:
        """How a request's `learned` names it."""
        return f"order {self.number}"

    @property
    def usable(self) -> bool:
        """Whether it is of this version's features, and a number throughout."""
        sound = len(self.weights) == len(NAMES) + 1 and all(map(math.isfinite, self.weights))
        return self.format == FORMAT and self.names == NAMES and sound

    def probability(self, features: Sequence[float]) -> float:
        """P(accept) of a candidate with these features, 0 to 1."""
        constant, *weights = self.weights
        z = constant + sum(w * x for w, x in zip(weights, features, strict=True))
        return _sigmoid(z)


def prior() -> Order:
    """What is believed of a writer of whom nothing is known: the surer the model, the likelier.

    At a mean token probability of 0.2, the usual `suggestions.auto_threshold`, it says a quarter: what is
    worth showing is the same for both.
    """
    weights = dict.fromkeys(NAMES, 0.0) | {"mean": 0.6}
    return Order(0, NAMES, (math.log(0.25 / 0.75), *weights.values()))


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


class OrderFile:
    """The order in use and the ones before it, in a folder of their own (`paths.ranking`).

    `current` is read again when the file is another one, so that a window follows what a command learned.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamp: tuple[int, int, int] | None = None
        self._order: Order | None = None
        self._trouble: str | None = None

    @property
    def path(self) -> Path:
        """Where the order in use is."""
        return self._folder / _NAME

    def current(self) -> Order | None:
        """The order in use; None where there is none, or none that can be read (`trouble` says why)."""
        try:
            found = self.path.stat()
            stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
            if stamp != self._stamp:
                self._stamp = stamp
                self._order, self._trouble = _read(self.path)
        except FileNotFoundError:
            self._stamp = self._order = self._trouble = None
        except OSError as error:
            self._order, self._trouble = None, _unread(str(error.strerror or error))
        return self._order

    def take_trouble(self) -> str | None:
        """Why the order can't be used, a sentence; told once for each file."""
        trouble, self._trouble = self._trouble, None
        return trouble

    def versions(self) -> list[Order]:
        """The orders that are kept, the newest first; those that can't be read are left out."""
        found = []
        for path in self._folder.glob("order-*.json"):
            try:
                order, _ = _read(path)
            except OSError:
                continue
            if order is not None:
                found.append(order)
        return sorted(found, key=lambda one: -one.number)

    def next_number(self) -> int:
        """The number of the next order: none is given twice, as long as the last ones are kept."""
        return 1 + max((one.number for one in self.versions()), default=0)

    def use(self, order: Order | None) -> None:
        """Use this order from now on, and keep it; None for the prior. Raises CowriteError.

        Where the disk says no, the one in use stays.
        """
        try:
            if order is None:
                self.path.unlink(missing_ok=True)
                return
            private_folder(self._folder)
            write_private(self._folder / f"order-{order.number}.json", msgspec.json.encode(order))
            write_private(self.path, msgspec.json.encode(order))
            for old in self.versions()[KEPT:]:
                (self._folder / f"order-{old.number}.json").unlink(missing_ok=True)
        except OSError as error:
            raise CowriteError(
                f"The order of candidates can't be kept: {error.strerror or error}.",
                "Free some space; the order in use is the one from before.",
            ) from error

    def before(self, number: int | None = None) -> Order | None:
        """The kept order with this number, or the one before the one in use; None: 0, or none is there.

        Raises UsageError where there is no such number.
        """
        kept = self.versions()
        if number is None:
            now = self.current()
            older = [one for one in kept if now is not None and one.number < now.number]
            return older[0] if older else None
        found = next((one for one in kept if one.number == number), None)
        if found is None and number:
            known = ", ".join(str(one.number) for one in kept) or "none"
            raise UsageError(f"There is no order {number}.", f"Kept: {known}.")
        return found

    def forget(self) -> None:
        """Delete all orders."""
        for path in (self.path, *self._folder.glob("order-*.json*"), *self._folder.glob("*.new")):
            path.unlink(missing_ok=True)


def _read(path: Path) -> tuple[Order | None, str | None]:
    """The order of a file, or why it can't be used. Raises OSError."""
    try:
        order = msgspec.json.decode(path.read_bytes(), type=Order)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None, _unread("the file is broken")
    if not order.usable:
        return None, _unread("another version of cowrite has written it")
    return order, None


def _unread(why: str) -> str:
    return f"What was learned of the order of candidates can't be used: {why}. It is as it came."
