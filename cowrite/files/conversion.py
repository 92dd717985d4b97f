"""A copy in UTF-8 of a text in any encoding. The file itself is never touched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cowrite.errors import DraftError
from cowrite.files import osops
from cowrite.files.detection import Reading, is_text, readings
from cowrite.files.encodings import decoded, name_of, odd_words
from cowrite.files.format import UTF8, decode
from cowrite.files.load import checked, read_file
from cowrite.files.save import ChangedOnDisk, save, save_copy
from cowrite.files.trouble import UNSAVED, unreadable


@dataclass(frozen=True, slots=True)
class Conversion:
    """What bytes say, read in one encoding.

    text: line ends and all. reading: how it was read. others: the other likely ways; none where the
    encoding was given or is certain. already: whether the bytes are UTF-8 without a mark as they are.
    """

    text: str
    reading: Reading
    others: tuple[Reading, ...] = ()
    already: bool = False

    @property
    def beyond_ascii(self) -> int:
        """How many characters the encodings write differently."""
        return len(self.text) - len(self.text.encode("ascii", "ignore"))

    @property
    def line_ends(self) -> str:
        """What ends the lines, as they stay: `LF`, `CR LF`, `CR`, `mixed`, or an empty text."""
        pairs = self.text.count("\r\n")
        counts = {
            "CR LF": pairs,
            "LF": self.text.count("\n") - pairs,
            "CR": self.text.count("\r") - pairs,
        }
        kinds = [kind for kind, count in counts.items() if count]
        return "mixed" if len(kinds) > 1 else "".join(kinds)


def converted(data: bytes, codec: str | None = None) -> Conversion:
    """The text of `data`. codec: as `encodings.codec_named` gives it; None finds the likeliest one.

    Raises DraftError where it is no text, or none in that encoding: a clause, for after the file's name.
    """
    if codec is not None:
        text = decoded(data, codec)
        if not is_text(text):
            raise DraftError(
                f"it is not text in {name_of(codec)}: it would hold control codes",
                "Give another encoding with --from. Pictures and programs have none.",
            )
        return Conversion(text, Reading(codec, name_of(codec), odd_words(text)))
    text, form, _ = decode(data)
    if form.lossless and "\0" not in text and (is_text(text) or not readings(data)):
        reading = Reading(form.encoding, form.name, odd_words(text))
        return Conversion(text, reading, already=form == UTF8)
    found = readings(data)
    if not found:
        raise DraftError(
            "it is not text in any encoding that cowrite knows",
            "If it is a text all the same, name its encoding with --from.",
        )
    return Conversion(decoded(data, found[0].codec), found[0], found[1:])


def read_bytes(path: Path) -> bytes:
    """The bytes of an ordinary file. Raises DraftError where it is none, or larger than a draft may be."""
    path = checked(path)
    try:
        return read_file(path, osops.stat(path))[0]
    except OSError as error:
        raise unreadable(path, error) from error


def write_copy(path: Path, text: str, out: Path | None = None) -> Path:
    """Write `text` in UTF-8 to `out`, or beside `path` as `name.utf8.md` or `name.utf8-2.md`.

    Never over a file. Returns where it is. Raises DraftError.
    """
    if out is not None and not out.absolute().parent.is_dir():
        raise DraftError(f"There is no folder {out.parent}.", "Give another name with -o.")
    try:
        return (
            save_copy(path, text, word="utf8") if out is None else save(out, text, UTF8, None).path
        )
    except ChangedOnDisk as error:
        raise DraftError(error.message, "Give another name with -o.") from error
    except DraftError as error:
        hint = error.hint.removesuffix(UNSAVED).rstrip()  # nobody has a window open
        raise DraftError(error.message, hint) from error
