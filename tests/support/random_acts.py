"""What a random writer does: a list of acts made from a seed alone, so that any part of it can be done again.

An act is a tuple, its kind first:

("key", name, character or None)   ("paste", text)   ("mouse", verb, x, y, shift): x, y are shares of the screen
("resize", columns, rows)   ("engine", verb, text)   ("disk", verb, text)   ("tick", seconds)
("trim", most)   ("end", how)
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from hostile import ESCAPES, FAMILY, HARD, MARKUP

from cowrite.tui.commands.action import Group, Home
from cowrite.tui.commands.actions import ACTIONS

Act = tuple[object, ...]

WORDS = [
    "when", "evening", "came", "the", "lamps", "were", "lit", "along", "quay", "and", "nobody", "said",
    "a", "word", "—", "“No,”", "he", "said.", "#", "-", "1", "3",
]  # fmt: skip
_DIALOG_KEYS = ["enter", "escape", "tab", "up", "down", "pagedown", "home", "end", "backspace", "s", "d",
                "c", "r", "b", "o", "k", "l", "n", "shift+tab", "ctrl+a", "delete", "ctrl+u"]  # fmt: skip
_SWITCHES = ["alt+c", "alt+w", "alt+x", "alt+a", "up", "down", "f3", "shift+f3"]
COMMANDS = [
    "begin a new",
    "close this",
    "load the",
    "choose a theme",
    "choose a model",
    "take the tour",
    "go to the shell",
    "go to",
    "undo",
    "",
]
"""What is typed into the palette."""
_SIZES = [
    (100, 30),
    (80, 24),
    (120, 40),
    (40, 12),
    (25, 8),
    (20, 6),
    (19, 5),
    (3, 2),
    (1, 1),
    (200, 5),
    (2, 60),
]


def key(name: str, character: str | None = None) -> Act:
    return ("key", name, character)


def typed(text: str) -> Iterator[Act]:
    """A key for each character. (Slashes are left out: a name for a draft stays in its folder.)"""
    from textual.keys import _character_to_key

    for character in text.replace("/", "-").replace("~", "-"):
        if character == "\n":
            yield key("enter")
        elif character == "\t":
            yield key("tab", "\t")
        else:
            yield key(_character_to_key(character), character)


_MOVES = [k for a in ACTIONS if a.group in (Group.MOVE, Group.SELECT) for k in a.keys]
_EDITS = [k for a in ACTIONS if a.group is Group.EDIT for k in a.keys]
_SUGGEST = [
    k for a in ACTIONS if a.group is Group.SUGGEST and a.home is Home.EDITOR for k in a.keys
]
_DECIDE = [
    k for a in ACTIONS if a.group is Group.INSTRUCT and a.home is Home.EDITOR for k in a.keys
]
_APP = [k for a in ACTIONS if a.home is Home.APP and a.id != "quit" for k in a.keys]

DRAWN = frozenset((*_MOVES, *_EDITS, *_SUGGEST, *_DECIDE, *_APP, "ctrl+q"))
"""The keys of actions that a random writer presses."""


class RandomWriter:
    """Acts without end, from a seed."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    def acts(self) -> Iterator[Act]:
        draw = self._draw
        kinds = {
            self._prose: 18, self._hostile: 6, self._moves: 14, self._edits: 12, self._suggestion: 22,
            self._instruction: 10, self._question: 1,
            self._mouse: 6, self._paste: 4, self._resize: 3, self._screens: 5, self._find: 2,
            self._command: 1, self._engine: 5, self._rest: 6, self._disk: 1, self._save: 2, self._end: 0.15,
            self._large: 0.1,
        }  # fmt: skip
        makers, weights = list(kinds), list(kinds.values())
        while True:
            yield from draw.choices(makers, weights)[0]()
            if draw.random() < 0.02:
                yield ("trim", draw.choice([800, 3000, 12000]))

    def text(self, most: int = 6) -> str:
        """Some words, sometimes of the hard kind."""
        draw = self._draw
        parts = []
        for _ in range(draw.randint(1, most)):
            chance = draw.random()
            if chance < 0.75:
                parts.append(draw.choice(WORDS))
            elif chance < 0.9:
                parts.append(draw.choice(HARD)[: draw.randint(1, 60)])
            elif chance < 0.95:
                parts.append(draw.choice(list(ESCAPES.values())))
            else:
                parts.append(draw.choice(MARKUP))
        return draw.choice(["", " "]) + draw.choice([" ", " ", " ", "", "\n", "\n\n", "\r\n"]).join(
            parts
        )

    def _prose(self) -> Iterator[Act]:
        draw = self._draw
        yield from typed(" ".join(draw.choices(WORDS, k=draw.randint(1, 4))) + " ")

    def _hostile(self) -> Iterator[Act]:
        yield from typed("".join(c for c in self.text(2)[:24] if c >= " "))

    def _moves(self) -> Iterator[Act]:
        for _ in range(self._draw.randint(1, 6)):
            yield key(self._draw.choice(_MOVES))

    def _edits(self) -> Iterator[Act]:
        draw = self._draw
        name = draw.choice(_EDITS)
        for _ in range(draw.choice([1, 1, 2, 5])):
            yield key(name, "\t" if name == "tab" else None)

    def _suggestion(self) -> Iterator[Act]:
        draw = self._draw
        if draw.random() < 0.7:
            yield ("engine", "ready", "")
        yield key(draw.choice(["ctrl+@", "ctrl+space", "f2"]))
        for _ in range(draw.randint(0, 5)):
            yield ("engine", "chunk", self.text(4))
        for _ in range(draw.randint(0, 8)):
            chance = draw.random()
            if chance < 0.6:
                yield key(draw.choice(_SUGGEST))
            elif chance < 0.75:
                yield ("engine", "type", draw.randint(1, 4))
            elif chance < 0.85:
                yield key(draw.choice(["backspace", "ctrl+z", "ctrl+y", "ctrl+w"]))
            else:
                yield from self._engine()

    def _instruction(self) -> Iterator[Act]:
        """Something is to be done with a passage: what the model says is like the draft, or not at all."""
        draw = self._draw
        if draw.random() < 0.8:
            yield ("engine", "ready", "")
        if draw.random() < 0.3:
            yield key(draw.choice(["f6", "f7", "shift+up", "ctrl+shift+left"]))
        yield key(draw.choice(["ctrl+k", "ctrl+k", "shift+f8"]))
        for _ in range(draw.randint(0, 3)):
            yield key(draw.choice(["alt+up", "alt+down", "up", "down", "tab"]))
        if draw.random() < 0.3:
            yield key(draw.choice(["alt+s", "alt+x", "alt+g", "alt+l", "escape", "enter"]))
        yield from typed(
            draw.choice(["shorten", "s", "translate to German", self.text(2)[:20], ""])
        )
        yield key("enter")
        for _ in range(draw.randint(0, 6)):
            yield ("engine", draw.choice(["chunk", "like", "like", "like", "anew"]), self.text(4))
        if draw.random() < 0.7:
            yield ("engine", "done", self.text(5))
        for _ in range(draw.randint(0, 8)):
            chance = draw.random()
            if chance < 0.7:
                yield key(draw.choice(_DECIDE))
            elif chance < 0.83:
                yield key(draw.choice(["ctrl+z", "ctrl+y", "left", "ctrl+home", "ctrl+end", "x"]))
            elif chance < 0.88:
                yield from self._follow_up()
            else:
                yield from self._engine()

    def _follow_up(self) -> Iterator[Act]:
        """Something more is to be done with the result, or it is looked at what weighed."""
        draw = self._draw
        yield key(draw.choice(["alt+4", "left"]))
        if draw.random() < 0.2:
            yield key(draw.choice(["alt+full_stop", "alt+comma", "alt+m", "escape"]))
            yield key("escape")
        yield key("ctrl+k")
        yield from typed(draw.choice(["shorten", self.text(2)[:12]]))
        yield key("enter")
        for _ in range(draw.randint(0, 4)):
            yield ("engine", draw.choice(["chunk", "like", "like"]), self.text(3))
        yield ("engine", draw.choice(["done", "done", "finish", "fail"]), self.text(4))

    def _question(self) -> Iterator[Act]:
        draw = self._draw
        yield key("alt+q")
        yield from typed(draw.choice(["who", "summarise", "synonyms", ""]))
        yield key("enter")
        for _ in range(draw.randint(0, 4)):
            yield ("engine", draw.choice(["chunk", "like", "done"]), self.text(4))
        yield key(draw.choice(["alt+1", "alt+d", "alt+n", "alt+9", "down", "escape"]))
        if draw.random() < 0.9:
            yield key("escape")

    def _engine(self) -> Iterator[Act]:
        draw = self._draw
        verb = draw.choices(
            ["chunk", "finish", "done", "fail", "die", "ready", "nonsense", "none", "slow"],
            [30, 8, 12, 2, 1, 6, 2, 0.5, 1],
        )[0]
        yield ("engine", verb, self.text(5))

    def _mouse(self) -> Iterator[Act]:
        draw = self._draw
        x, y = draw.random(), draw.random()
        match draw.choice(["click", "click", "twice", "drag", "wheel", "shift", "right", "move"]):
            case "click":
                yield from (("mouse", "down", x, y, False), ("mouse", "up", x, y, False))
            case "twice":
                for _ in range(draw.randint(2, 4)):
                    yield from (("mouse", "down", x, y, False), ("mouse", "up", x, y, False))
            case "drag":
                yield ("mouse", "down", x, y, False)
                for _ in range(draw.randint(1, 4)):
                    x, y = draw.uniform(-0.1, 1.1), draw.uniform(-0.1, 1.1)
                    yield ("mouse", "move", x, y, False)
                if draw.random() < 0.95:
                    yield ("mouse", "up", x, y, False)
            case "wheel":
                for _ in range(draw.randint(1, 8)):
                    yield ("mouse", draw.choice(["wheel up", "wheel down"]), x, y, False)
            case "shift":
                yield from (("mouse", "down", x, y, True), ("mouse", "up", x, y, True))
            case "right":
                yield from (("mouse", "right", x, y, False), ("mouse", "right up", x, y, False))
            case _:
                yield ("mouse", "move", x, y, False)

    def _paste(self) -> Iterator[Act]:
        yield (
            "paste",
            self._draw.choice(["", "x\x1b[201~y\x11", *HARD, self.text(12), self.text(3)]),
        )

    def _large(self) -> Iterator[Act]:
        """A long draft, or one long line."""
        joiner = self._draw.choice(["\n", " "])
        yield ("paste", joiner.join(self.text(20) for _ in range(self._draw.choice([40, 200]))))

    def _resize(self) -> Iterator[Act]:
        for _ in range(self._draw.randint(1, 3)):
            yield ("resize", *self._draw.choice(_SIZES))
        yield ("resize", *self._draw.choice(_SIZES[:4]))

    def _screens(self) -> Iterator[Act]:
        draw = self._draw
        yield key(draw.choice(_APP))
        for _ in range(draw.randint(0, 5)):
            if draw.random() < 0.2:
                yield from typed(draw.choice(WORDS))
            else:
                name = draw.choice(_DIALOG_KEYS)
                yield key(name, name if len(name) == 1 else None)
        if draw.random() < 0.8:
            yield from (key("escape"), key("escape"))

    def _find(self) -> Iterator[Act]:
        draw = self._draw
        yield key(draw.choice(["ctrl+f", "alt+r"]))
        yield from typed(
            draw.choice(["e", "the", "(", ".", "^", "a*", "\\b", draw.choice(WORDS), FAMILY[:3]])
        )
        for _ in range(draw.randint(0, 4)):
            name = draw.choice([*_SWITCHES, "enter", "tab", "escape", "ctrl+z"])
            yield key(name, "\t" if name == "tab" else None)
            if draw.random() < 0.3:
                yield from typed(draw.choice(["", "x", "\\1", "quay ", "\\g<0>"]))
        if draw.random() < 0.9:
            yield key("escape")

    def _command(self) -> Iterator[Act]:
        yield key("ctrl+p")
        yield from typed(self._draw.choice(COMMANDS))
        yield key("enter")
        for _ in range(self._draw.randint(0, 3)):
            name = self._draw.choice(_DIALOG_KEYS)
            yield key(name, name if len(name) == 1 else None)

    def _rest(self) -> Iterator[Act]:
        yield ("tick", self._draw.choice([0.05, 0.2, 1.0, 5.0]))

    def _disk(self) -> Iterator[Act]:
        verb = self._draw.choice(
            ["write", "write", "remove", "touch", "read-only", "writable", "look"]
        )
        yield ("disk", verb, self.text(8))

    def _save(self) -> Iterator[Act]:
        yield key("ctrl+s")
        if self._draw.random() < 0.5:
            yield key(self._draw.choice(["o", "l", "c", "escape"]))

    def _end(self) -> Iterator[Act]:
        """The program ends, in order or not, and is started again."""
        draw = self._draw
        if draw.random() < 0.5:
            yield key("ctrl+q")
            name = draw.choice(["s", "d", "c", "d", "escape"])
            yield key(name, name if len(name) == 1 else None)
        else:
            yield ("end", draw.choice(["terminated", "hangup", "crash"]))
        yield key(name := draw.choice(["r", "b", "d", "escape"]), name if len(name) == 1 else None)
