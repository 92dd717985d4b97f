"""What models make of the presets: `python tests/bench/instructions_table.py MODEL OUT.jsonl [N [PRESET ...]]`.

Each preset is asked of N of the sixty passages that suit it (tests/bench/passages), once, as `cowrite rewrite`
asks. What comes is looked at by the guards and by one check of its own, which can see that an answer is of the
kind that was asked for, and not that it is good. MODEL: gemma or smollm2. `--table OUT.jsonl ...` prints the
table of docs/instructions.md.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from real_models import model_file

from cowrite.catalog.cards import read_card, shipped_folder
from cowrite.core import presets
from cowrite.core.guards import Flaw, flaws
from cowrite.core.language import spoken
from cowrite.core.task import Task, task_params
from cowrite.engine.protocol import Anew, EngineOptions, HostMessage, ModelFile, RunAhead
from cowrite.session.blocking_engine import BlockingEngine, blocking_engine
from cowrite.session.found_model import FoundModel

PASSAGES = Path(__file__).parent / "passages" / "passages.toml"
CARDS = {"gemma": "gemma-3-270m.toml", "smollm2": "smollm2-135m-instruct.toml"}

_PRESENT = (
    "is are am has does do rings stops looks counts goes practises visits live rises stand opens sees puts "
    "leaves carry begins shows knows says calls talk sits waits wants writes unpacks knocks keep asks comes "
    "turn turns exists reads"
)
_PAST = "was were had did said went came saw told stood sat put took gave fell knew rang rose kept began wrote"
PRESENT, PAST = frozenset(_PRESENT.split()), frozenset(_PAST.split())
"""Verbs of the passages, and of what becomes of them. Those that are the same in both are in neither."""


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:'[a-z]+)?", text.casefold())


def content(text: str) -> set[str]:
    return {word for word in words(text) if len(word) > 3}


def overlap(passage: str, answer: str) -> float:
    """The share of the passage's longer words that the answer says."""
    return len(content(passage) & content(answer)) / max(1, len(content(passage)))


def is_past(passage: str, answer: str) -> bool:
    said = words(answer)
    past = sum(word in PAST or word.endswith("ed") for word in said)
    return past > 0 and not set(said) & (
        PRESENT - {"put", "need", "like", "have", "stop", "look", "walk"}
    )


def is_present(passage: str, answer: str) -> bool:
    said = words(answer)
    return (
        not set(said) & {"was", "were", "had", "did", "said", "went", "came"}
        and spoken(passage) != ""
    )


def first(answer: str) -> int:
    return sum(word in ("i", "my", "me", "i'm", "we", "our", "us") for word in words(answer))


def third(answer: str) -> int:
    return sum(
        word in ("he", "she", "they", "his", "her", "him", "their") for word in words(answer)
    )


def word_length(text: str) -> float:
    said = words(text)
    return sum(map(len, said)) / max(1, len(said))


Check = Callable[[dict[str, Any], str], bool]

CHECKS: dict[str, tuple[str, Check]] = {
    "shorten": ("shorter, and about the same", lambda p, a: overlap(p["text"], a) > 0.3),
    "expand": ("longer, and about the same", lambda p, a: overlap(p["text"], a) > 0.4),
    "rewrite": ("other words, about the same", lambda p, a: 0.3 < overlap(p["text"], a) < 0.9),
    "grammar": ("every fault mended, nothing else", lambda p, a: words(a) == words(p["text"])),
    "plainer": (
        "shorter words",
        lambda p, a: word_length(a) < word_length(p["text"]) and overlap(p["text"], a) > 0.1,
    ),
    "vivid": ("not shorter, about the same", lambda p, a: overlap(p["text"], a) > 0.4),
    "dialogue": ("somebody speaks", lambda p, a: len(re.findall(r"[\"\u201c]\w", a)) > 0),
    "past": ("no verb in the present is left", lambda p, a: is_past(p["text"], a)),
    "present": ("no plain past is left", lambda p, a: is_present(p["text"], a)),
    "first-person": (
        "I, and fewer he and she",
        lambda p, a: first(a) > 0 and third(a) < third(p["text"]),
    ),
    "third-person": ("no I or we is left", lambda p, a: first(a) == 0 and third(a) > 0),
    "summarise": ("shorter, of the same", lambda p, a: overlap(p["text"], a) > 0.15),
    "translate-de": ("in German", lambda p, a: spoken(a) == "de"),
}

FITS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "shorten": lambda p: len(p["text"]) > 110,
    "expand": lambda p: len(p["text"]) < 130,
    "grammar": lambda p: "faulty" in p,
    "plainer": lambda p: word_length(p["text"]) > 4.3,
    "vivid": lambda p: len(p["text"]) < 130,
    "dialogue": lambda p: bool(
        re.search(r"\b(told|asked|said|begged|explained|answered)\b", p["text"])
    ),
    "past": lambda p: p["tense"] == "present",
    "present": lambda p: p["tense"] == "past",
    "first-person": lambda p: p["person"] == "third" and third(p["text"]) > 0,
    "third-person": lambda p: p["person"] == "first",
    "summarise": lambda p: len(p["text"]) > 120,
    "translate-de": lambda p: len(p["text"]) < 150,
}


def suited(name: str, count: int) -> list[dict[str, Any]]:
    """So many passages that suit a preset, from all over the list."""
    every = tomllib.loads(PASSAGES.read_text("utf-8"))["passage"]
    fitting = [passage for passage in every if FITS.get(name, lambda _p: True)(passage)]
    step = max(1, len(fitting) // count)
    return fitting[::step][:count]


def measure(model: str, out: Path, count: int, names: list[str]) -> None:
    card = read_card(shipped_folder() / CARDS[model])
    plain = model_file(model)
    file = ModelFile(model, plain.path, plain.sha256, card.kind == "base", chat=card.chat)
    options = EngineOptions(nice=10, run_ahead=RunAhead.OFF)
    log = Path(tempfile.gettempdir()) / "instructions-table.log"
    with blocking_engine(FoundModel(file, options), log) as engine, out.open("w") as sink:
        engine.load()
        for name in names or CHECKS:
            for passage in suited(name, count):
                row = asked(engine, name, passage)
                sink.write(json.dumps({"model": model, "preset": name, **row}) + "\n")
                sink.flush()


def asked(engine: BlockingEngine, name: str, passage: dict[str, Any]) -> dict[str, Any]:
    preset = presets.find(name) or presets.translation(name.removeprefix("translate-"))
    text = passage["faulty"] if name == "grammar" else passage["text"]
    task: Task = presets.task(preset, text)
    again = []

    def heard(message: HostMessage) -> None:
        if isinstance(message, Anew):
            again.append(message)

    done = engine.instruct(task, task_params(task, n=1, seed=1), heard)
    (candidate,) = done.candidates
    found = flaws(task, candidate.text, candidate.stop)
    return {
        "text": text,
        "passage": passage,
        "answer": candidate.text,
        "flaws": [flaw.name for flaw in found],
        "again": bool(again),
        "first_ms": done.timings.first,
        "total_ms": done.timings.total,
    }


def table(files: list[str]) -> str:
    """As Markdown, of each preset and model: how many answers were right, how many told to be no good."""
    rows = [json.loads(line) for file in files for line in Path(file).read_text().splitlines()]
    models = list(dict.fromkeys(row["model"] for row in rows))
    out = [
        "| preset | a right answer is | "
        + " | ".join(f"{m}: right, told, wrong" for m in models)
        + " |"
    ]
    out.append("|---|---|" + "---|" * len(models))
    for name, (what, check) in CHECKS.items():
        cells = []
        for model in models:
            mine = [row for row in rows if (row["model"], row["preset"]) == (model, name)]
            told = sum(bool(row["flaws"]) for row in mine)
            right = sum(not row["flaws"] and check(row["passage"], row["answer"]) for row in mine)
            cells.append(f"{right} / {told} / {len(mine) - told - right}")
        out.append(f"| {name} | {what} | " + " | ".join(cells) + " |")
    for model in models:
        mine = [row for row in rows if row["model"] == model]
        again = sum(row["again"] for row in mine)
        saved = sum(row["again"] and not row["flaws"] for row in mine)
        kinds = {flaw.name: sum(flaw.name in row["flaws"] for row in mine) for flaw in Flaw}
        said = ", ".join(f"{kind.lower()} {count}" for kind, count in kinds.items() if count)
        out.append(f"\n{model}: {len(mine)} asked, {again} tried again, {saved} good then. {said}.")
    return "\n".join(out)


if __name__ == "__main__":
    if sys.argv[1] == "--table":
        print(table(sys.argv[2:]))
    else:
        measure(sys.argv[1], Path(sys.argv[2]), int((sys.argv[3:] or ["10"])[0]), sys.argv[4:])
