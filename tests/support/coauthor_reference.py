"""The rebuilding of a draft from a CoAuthor log, written from the format's description alone."""

from __future__ import annotations

from typing import Any


def rebuild(lines: list[dict[str, Any]], *, utf16: bool = True) -> tuple[str, str]:
    """The text and its mask: P for the first document, A for what came by the api, U for the user's.

    With `utf16` the offsets count UTF-16 units, as in the browser; otherwise code points.
    """
    text: list[str] = []
    mask: list[str] = []
    for line in lines:
        if line["eventName"] == "system-initialize":
            text = _units(line["currentDoc"].strip(), utf16)
            mask = ["P"] * len(text)
        delta = line["textDelta"]
        if not delta:
            continue
        author = "A" if line["eventSource"] == "api" else "U"
        new_text: list[str] = []
        new_mask: list[str] = []
        at = 0
        for op in delta["ops"]:
            if "retain" in op:
                new_text += text[at : at + op["retain"]]
                new_mask += mask[at : at + op["retain"]]
                at += op["retain"]
            elif "insert" in op:
                fresh = _units(op["insert"], utf16)
                new_text += fresh
                new_mask += [author] * len(fresh)
            elif "delete" in op:
                at += op["delete"]
        text, mask = new_text + text[at:], new_mask + mask[at:]
    return _characters(text, mask)


def _units(text: str, utf16: bool) -> list[str]:
    if not utf16:
        return list(text)
    raw = text.encode("utf-16-be", "surrogatepass")
    return [chr(int.from_bytes(raw[i : i + 2], "big")) for i in range(0, len(raw), 2)]


def _characters(text: list[str], mask: list[str]) -> tuple[str, str]:
    """Units back to characters, with one letter of the mask for each."""
    out, letters = [], []
    for unit, letter in zip(text, mask, strict=True):
        if "\udc00" <= unit <= "\udfff" and out and "\ud800" <= out[-1] <= "\udbff":
            out[-1] = (out[-1] + unit).encode("utf-16-be", "surrogatepass").decode("utf-16-be")
        else:
            out.append(unit)
            letters.append(letter)
    return "".join(out), "".join(letters)
