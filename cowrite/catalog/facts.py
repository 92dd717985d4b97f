"""What a GGUF header says of its model, and how that is read from its keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cowrite.errors import ModelError

Value = int | float | bool | str

_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M",
    18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S",
    25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M",
    32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip
"""general.file_type -> the name people use."""


@dataclass(frozen=True, slots=True)
class GgufFacts:
    """What the header says. Numbers are 0 and texts empty where it says nothing.

    Texts are as they are in the file: `core.printable` them before they are shown.
    """

    architecture: str
    name: str = ""
    licence: str = ""
    parameters: int = 0
    quantisation: str = ""
    context_length: int = 0
    layers: int = 0
    embedding: int = 0
    heads: int = 0
    kv_heads: int = 0
    key_length: int = 0
    value_length: int = 0
    vocabulary: int = 0
    chat_template: bool = False
    type: str = ""
    """What the file is, where it says so: a model, an adapter, a part that sees."""
    part: int = 1
    parts: int = 1
    """Which part of the model the file is, from 1 on, and how many there are."""
    pooled: bool = False
    """Whether its answer is one vector for a text."""
    causal: bool = True
    """Whether it reads from left to right, as a model does that writes."""

    @property
    def kv_bytes_per_token(self) -> int:
        """Memory of the 16-bit KV cache for one token, at most (sliding windows need less)."""
        return self.layers * self.kv_heads * (self.key_length + self.value_length) * 2


def facts_of(
    values: dict[str, Value], lengths: dict[str, int], parameters: int, path: Path
) -> GgufFacts:
    """The facts from the keys, the lengths of the arrays, and the tensors' values in all."""

    def text(key: str) -> str:
        value = values.get(key, "")
        return value if isinstance(value, str) else ""

    def count(key: str) -> int:
        value = values.get(key, 0)
        return value if isinstance(value, int) and 0 <= value < 1 << 16 else 0

    architecture, kind = text("general.architecture"), text("general.type")
    part, parts = count("split.no") + 1, max(1, count("split.count"))
    if not architecture and kind in ("", "model") and part == 1:
        raise ModelError(f"{path} does not say which architecture it has.", "Get the file again.")

    def number(key: str) -> int:
        value = values.get(f"{architecture}.{key}", 0)
        sane = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40
        return int(value) if sane else 0

    heads, embedding = number("attention.head_count"), number("embedding_length")
    head_size = embedding // heads if heads else 0
    file_type = values.get("general.file_type", -1)
    known = file_type if isinstance(file_type, int) else -1
    return GgufFacts(
        architecture=architecture,
        name=text("general.name"),
        licence=text("general.license"),
        parameters=parameters,
        quantisation=_FILE_TYPES.get(known & ~1024, "") if known >= 0 else "",
        context_length=number("context_length"),
        layers=number("block_count"),
        embedding=embedding,
        heads=heads,
        kv_heads=number("attention.head_count_kv") or heads,
        key_length=number("attention.key_length") or head_size,
        value_length=number("attention.value_length") or head_size,
        vocabulary=lengths.get("tokenizer.ggml.tokens", 0),
        chat_template=bool(text("tokenizer.chat_template")),
        type=kind,
        part=part,
        parts=max(part, parts),
        pooled=number("pooling_type") > 0,
        causal=values.get(f"{architecture}.attention.causal", True) is not False,
    )
