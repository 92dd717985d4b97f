"""Prompts of training rows end where tokens end, in the tokenisers of both models."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from itertools import product
from pathlib import Path

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st
from logged import write_log
from real_models import NAMES, model_file
from scripted import Scripted

from cowrite.cli.main import main
from cowrite.core.edits import Part
from cowrite.core.outcome import Closing
from cowrite.feedback.token_border import divided

LLAMA_3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPLITS = {
    "gpt-2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "llama 3": LLAMA_3,
    "qwen": LLAMA_3.replace("{1,3}", ""),
}
KINDS = ("sft", "preference", "kto")


@cache
def vocabulary(name: str) -> Callable[[str], list[int]]:
    """A model's tokeniser, its weights left on the disk."""
    from cowrite.engine.llama.library import (
        lib as llama_cpp,
    )  # as cowrite loads it, in whatever order

    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    loaded = llama_cpp.llama_model_load_from_file(str(model_file(name).path).encode(), params)
    vocab = llama_cpp.llama_model_get_vocab(loaded)

    def tokens(text: str) -> list[int]:
        data = text.encode()
        room = (llama_cpp.llama_token * (len(data) + 8))()
        count = llama_cpp.llama_tokenize(vocab, data, len(data), room, len(room), False, False)
        assert count >= 0
        return room[:count]

    return tokens


def is_at_border(name: str, prompt: str, completion: str) -> bool:
    """Whether the prompt's tokens are the first of both together."""
    first = vocabulary(name)(prompt)
    return vocabulary(name)(prompt + completion)[: len(first)] == first


@pytest.mark.parametrize(
    ("prompt", "texts", "wanted"),
    [
        ("The wond", ["er grew."], ("The", [" wonder grew."])),
        ("The sea was ", ["wild."], ("The sea was", [" wild."])),
        ("The sea was  ", ["wild."], ("The sea was", ["  wild."])),
        ("The sea was", [" wild."], ("The sea was", [" wild."])),
        ("The sea was", [" wild.", "n't wild."], ("The sea", [" was wild.", " wasn't wild."])),
        ("He left.\n\n", ["The sea."], ("He", [" left.\n\nThe sea."])),
        ("One\n\n", ["Two"], ("One", ["\n\nTwo"])),
        ("He left.\n\nThe", ["re."], ("He", [" left.\n\nThere."])),
        ("The", ["re."], ("", ["There."])),
        ("", ["There."], ("", ["There."])),
        ("  ", ["There."], ("", ["  There."])),
        ("<b>The sea</b>", [" </p>"], ("<b>The", [" sea</b> </p>"])),
        ("他说。海", ["很大。"], ("他说", ["。海很大。"])),
        ("他说", ["。海很大。"], ("他说", ["。海很大。"])),
    ],
)
def test_l5_the_unfinished_word_and_the_last_space_are_the_completions(
    prompt: str, texts: list[str], wanted: tuple[str, list[str]]
) -> None:
    assert divided(prompt, texts) == wanted


PIECES = st.sampled_from(
    [
        *(
            "The",
            "wond",
            "er",
            "sea",
            "don't",
            "n't",
            "'s",
            "I",
            "1984",
            "3.14",
            "e.g.",
            "éé",
            "naïve",
        ),
        *(
            " ",
            " ",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\t",
            "\u00a0",
            " \n",
            "...",
            ", ",
            '"',
            "“",
            "”",
            "—",
            "-",
        ),
        *("<b>", "</b>", "> </", "# ", "* ", "```", "=", "{", "(", "))", "!?", "_", "/", "@"),
        *(
            "海",
            "很大",
            "。",
            "，",
            "」",
            "ไทย",
            "کیا۔",
            "می\u200cشود",
            "Привет",
            "😀",
            "👨‍👩‍👧",
            "❤️",
            "²",
            "¹.",
        ),
    ]
)
TEXT = st.lists(PIECES, max_size=12).map("".join)


@pytest.mark.model
@settings(max_examples=400, deadline=None)
@given(TEXT, st.lists(TEXT, min_size=1, max_size=2))
@example("The sea > ", ["</b>"])
@example("x>", [" </"])
def test_l5_whatever_was_written_is_divided_at_a_border(prompt: str, texts: list[str]) -> None:
    head, moved = divided(prompt, texts)
    assert [head + text for text in moved] == [prompt + text for text in texts]
    for name, text in product(NAMES, moved):
        assert is_at_border(name, head, text)


@pytest.mark.parametrize("name", sorted(SPLITS))
@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT)
@example("He left.", "\n\nThe sea.")
@example("I do", "n't")
def test_l5_other_models_divide_the_text_there_too(name: str, prompt: str, text: str) -> None:
    """What other tokenisers divide a text by before they look for tokens."""
    head, (moved,) = divided(prompt, [text])
    first = regex.findall(SPLITS[name], head)
    assert regex.findall(SPLITS[name], head + moved)[: len(first)] == first


def a_script(text: str, *, number: int, space: str) -> Scripted:
    """Every kind of row, of requests at the end of `text`; space: what the candidates begin with."""
    script = Scripted(text, number=number, document_path=f"/drafts/{number}.md")
    script.ask("a", f"{space}erful place.", f"{space}ering soul.").show("a", 1).show("a", 0)
    script.take("a", f"{space}erful place.")
    script.close("a", Closing.TAKEN).wait(1)
    script.type(f" Then {text}")
    script.ask("b", f"{space}wild dog.").show("b").close("b", Closing.REJECTED)
    script.type(f"{space}tame. So {text}")
    script.ask("c", f"{space}small hat.").show("c")
    script.take("c", f"{space}small", Part.WORD)
    script.close("c", Closing.TYPED).type(f" cap. And {text}")
    script.ask("d", f"{space}new.").show("d").close("d", Closing.REGENERATED)
    script.ask("e", f"{space}old.").accept("e")
    script.change(f"{space}old.", f"{space}cold.")
    return script.wait(20).save().end()


@pytest.mark.model
def test_l5_exported_rows_are_at_borders_in_both_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("COWRITE_HOME", str(tmp_path))
    places = [("The wond", ""), ("The sea was ", ""), ("The sea was", " "), ("He left.\n\n", "")]
    places += [
        ("The don't", ""),
        ("He said “", ""),
        ("海很", ""),
        ("他走了。", ""),
        ("It is 19", ""),
    ]
    scripts = [
        a_script(text, number=n, space=space) for n, (text, space) in enumerate(places, start=1)
    ]
    write_log(tmp_path, *scripts)
    for kind in KINDS:
        assert main(["export", "-f", kind]) == 0
        rows = [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]
        assert len(rows) >= 2 * len(places)
        for row, name in product(rows, NAMES):
            for column in {"completion", "chosen", "rejected"} & row.keys():
                assert is_at_border(name, row["prompt"], row[column]), (name, kind, row)
