"""Bytes that no terminal should send, and those that all do, in any order and cut anywhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

_TEXT = "abc xyz.,'\"-" + "éßдשع漢字กั\u0301\u200d\U0001f468\U0001f3fd\u00a0\u3000\U0001fae9"


class Noise:
    """An endless stream of bytes, made from its seed alone."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    def chunks(self) -> Iterator[tuple[bytes, float]]:
        """Bytes as they may be read at once, and the seconds of silence behind them."""
        rest = b""
        while True:
            rest += b"".join(self._piece() for _ in range(self._draw.randint(1, 6)))
            size = self._draw.randint(1, len(rest))
            pause = self._draw.choice([0, 0, 0, 0, 0.005, 0.06, 0.25])
            yield rest[:size], pause
            rest = rest[size:]

    def _piece(self) -> bytes:
        kinds: list[Callable[[], bytes]] = [
            self._text, self._text, self._csi, self._csi, self._key, self._string, self._string, self._bytes,
            self._utf8_cut, self._paste, self._mouse,
        ]  # fmt: skip
        return self._draw.choice(kinds)()

    def _text(self) -> bytes:
        return "".join(self._draw.choices(_TEXT, k=self._draw.randint(1, 8))).encode()

    def _number(self) -> str:
        known = [0, 1, 2, 13, 27, 97, 200, 201, 1099, 57441, 55296, 1114112]
        return str(self._draw.choice([*known, self._draw.randint(0, 10**9), "9" * 300]))

    def _csi(self) -> bytes:
        parts = "".join(
            self._number() + self._draw.choice([";", ":", "", "?", " ", "$"])
            for _ in range(self._draw.randint(0, 5))
        )
        return f"\x1b[{self._draw.choice(['', '?', '<', '>', '['])}{parts}{self._end()}".encode()

    def _end(self) -> str:
        return self._draw.choice([*"u~ABCDFHMPRSZmtyc^$@", "", "\x1b", "é"])

    def _key(self) -> bytes:
        code = self._draw.choice([97, 108, 1099, 32, 13, 9, 127, 57410, 26377])
        mods = self._draw.choice(["", ";2", ";1:3", ";3;126", ";65", ";;26377:24456", ";5:2"])
        return f"\x1b[{code}{mods}u".encode()

    def _string(self) -> bytes:
        kind = self._draw.choice("]]P_^X")
        body = "".join(
            self._draw.choices("0123456789;:rgb/?|Gi=" + _TEXT, k=self._draw.randint(0, 90))
        )
        return f"\x1b{kind}{body}{self._draw.choice(['', '', chr(7), chr(27) + chr(92)])}".encode()

    def _bytes(self) -> bytes:
        return self._draw.randbytes(self._draw.randint(1, 12))

    def _utf8_cut(self) -> bytes:
        whole = self._text()
        return whole[: self._draw.randint(0, len(whole))]

    def _paste(self) -> bytes:
        return (
            b"\x1b[200~"
            + self._text()
            + self._draw.choice([b"\x1b[201~", b"\x1b[201~", b"", self._csi()])
        )

    def _mouse(self) -> bytes:
        button, x, y = (self._draw.randint(0, 80) for _ in range(3))
        return f"\x1b[<{button};{x};{y}{self._draw.choice('Mm')}".encode()
