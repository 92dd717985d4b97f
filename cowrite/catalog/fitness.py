"""Which GGUF files can write: a model that goes on with a text, and not one that sees, rates or paints.

llama.cpp loads many of the others without a word, and then gives nothing that can be read. What a file is
for is said by its header: `general.type` and `general.architecture`, a few keys of the architecture, and the
names that llama.cpp's `gguf-split` gives to parts of a model (the GGUF specification, and the constants of
the `gguf` package).
"""

from __future__ import annotations

import re
from pathlib import Path

from cowrite.catalog.facts import GgufFacts
from cowrite.errors import ModelError

_VECTORS = "it turns texts into vectors, for searching"
_SENSES = "it is the part of another model that sees or hears"
_HELPER = "it guesses words ahead for another model, and doesn't write alone"
_MASKS = "it fills in a text in any order, and doesn't go on with one"
_SOUND = "it makes sound"
_PICTURES = "it makes pictures or films"

_TYPES = {
    "adapter": "it is an adapter (LoRA), a change to another model",
    "mmproj": _SENSES,
    "imatrix": "it is a table that helps to make models smaller",
}
"""`general.type` -> why it makes no text."""

_ARCHITECTURES = {
    **dict.fromkeys(
        ("bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3",
         "eurobert", "t5encoder", "gemma-embedding", "llama-embed"), _VECTORS),
    "clip": _SENSES,
    "t5": "it makes another text of a whole one, and doesn't go on with one",
    "whisper": "it writes down speech",
    "controlvector": "it is a control vector, a change to another model",
    **dict.fromkeys(("dream", "llada", "llada-moe", "rnd1"), _MASKS),
    **dict.fromkeys(("eagle3", "dflash", "gemma4-assistant"), _HELPER),
    **dict.fromkeys(("wavtokenizer-dec", "qwen3tts", "pockettts"), _SOUND),
    **dict.fromkeys(
        ("sd1", "sdxl", "sd3", "flux", "aura", "chroma", "cosmos", "hidream", "hyvid", "ltxv", "lumina2",
         "pig", "qwen_image", "wan"), _PICTURES),
}  # fmt: skip
"""`general.architecture` -> why it makes no text: those of llama.cpp, and of files for other programs."""

_PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf\Z")
_CHOOSE = "`cowrite models list` shows models that write."


def check_fit(facts: GgufFacts, path: Path) -> None:
    """Raises ModelError, which says why, where the file at `path` makes no text or is a part of a model."""
    if facts.part > 1:
        first = _part_name(path, 1) or "the one whose name says 00001-of-"
        raise ModelError(
            f"{path} is part {facts.part} of {facts.parts} of a model.",
            f"Give the first part: {first}",
        )
    reason = _why_no_text(facts)
    if reason is not None:
        raise ModelError(f"{path} makes no text: {reason}.", _CHOOSE)
    if facts.parts > 1:
        _check_parts(facts.parts, path)


def size_of(size: int, facts: GgufFacts, path: Path) -> int:
    """Bytes of the whole model, of whose first part (or only file) `size` is."""
    return size + sum(part.stat().st_size for part in _other_parts(facts.parts, path))


def _why_no_text(facts: GgufFacts) -> str | None:
    """A clause that goes on from "makes no text", None where it makes some."""
    found = _TYPES.get(facts.type) or _ARCHITECTURES.get(facts.architecture)
    if found is None and facts.pooled:
        found = _VECTORS
    if found is None and not facts.causal:
        found = _MASKS
    if found is None and not facts.parameters and facts.parts == 1:
        found = "it has a vocabulary at most, and no weights"
    return found


def _part_name(path: Path, number: int) -> str | None:
    """What part `number` of a model is called, where this part is called as llama.cpp wants it."""
    name, count = _PART.subn(rf"-{number:05}-of-\2.gguf", path.name)
    return name if count else None


def _other_parts(parts: int, path: Path) -> list[Path]:
    names = (_part_name(path, number) for number in range(2, parts + 1))
    beside = [path.with_name(name) for name in names if name is not None]
    return [part for part in beside if part.is_file()]


def _check_parts(parts: int, path: Path) -> None:
    """llama.cpp finds the other parts by their names, beside the first."""
    if _part_name(path, 1) != path.name or not path.name.endswith(f"-of-{parts:05}.gguf"):
        raise ModelError(
            f"{path} is part 1 of {parts} of a model, and its name doesn't say so.",
            f"Call it {path.stem}-00001-of-{parts:05}.gguf, and the others likewise.",
        )
    here = set(_other_parts(parts, path))
    for number in range(2, parts + 1):
        name = _part_name(path, number)
        if name is not None and path.with_name(name) not in here:
            raise ModelError(
                f"{path} is part 1 of {parts} of a model, and part {number} is not beside it.",
                f"Put it there: {name}",
            )
