"""Where a prompt can end so that every tokeniser ends a token there, whatever is written behind it.

A trainer tells a prompt's tokens from a completion's by their number, so the tokens of the prompt must be
the first of both together. Where a writer asked in the middle of a word, or behind its space, they are not:
` wonder` is one token, ` wond` two others. Found by looking through the vocabularies of Gemma 3 and SmolLM2
and the rules by which GPT-2's, Llama 3's and Qwen's tokenisers divide a text before they look for tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

from cowrite.core.segmentation import is_ideograph

_SPACE = " \t"
_IDEOGRAPHIC = "。，、！？；："
"""Marks that stand behind ideographs without a space, and that no token joins with what is before them."""


def divided(prompt: str, texts: Sequence[str]) -> tuple[str, list[str]]:
    """The prompt as far as a token surely ends, and the texts with what was taken from its end before them.

    That is nothing where each text begins with a space behind a word, else the word that is not finished,
    or the white space at the end; with line breaks also the word before them, if it ends in a sign.
    """
    at = len(prompt)
    if not all(_is_border(prompt, at, text[:1]) for text in texts):
        at -= 1
        while at > 0 and not _is_border(prompt, at, prompt[at]):
            at -= 1
    at = max(0, at)
    return prompt[:at], [prompt[at:] + text for text in texts]


def _is_border(text: str, at: int, behind: str) -> bool:
    """Whether no token has characters on both sides: of the text before `at`, and of what is `behind` it."""
    if at == 0 or not behind:
        return True
    before = text[at - 1]
    if behind == "\n":
        # Llama 3 and Qwen join line breaks with the stop before them.
        return before.isalnum()
    if behind in _SPACE:
        # White space is divided in other ways when it goes on, and `> </` is a token of Gemma's.
        return not before.isspace() and before != ">"
    return behind in _IDEOGRAPHIC and is_ideograph(before)
