"""The terminal driver: Textual's own for Linux and macOS, with an input that pastes can't escape from."""

from __future__ import annotations

import os
import select
from codecs import getincrementaldecoder
from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from cowrite.tui.terminal.keystream import Background, KeyStream, Pasted, Piece, is_alt

_ASK_BACKGROUND = "\x1b]11;?\x1b\\"
_IDLE = 0.1
_HELD = 0.02
"""Seconds to wait for the rest of a sequence before its beginning counts as keys."""


class TerminalBackground(Message):
    """The terminal said how bright its background is: 0 (black) to 1 (white)."""

    def __init__(self, luminance: float) -> None:
        super().__init__()
        self.luminance = luminance


class TerminalGone(Message):
    """The terminal was closed: nothing can be read from it any more."""


class CowriteDriver(LinuxDriver):
    """Reads the keys through a `KeyStream`, asks the terminal for its background, notices its end."""

    def start_application_mode(self) -> None:
        """Enter the alternate screen; the question goes out before anything is painted."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.input_tty and self._writer_thread is not None:
            self.write(_ASK_BACKGROUND)
            self.flush()

    def run_input_thread(self) -> None:
        """Read until the program ends or the terminal is gone."""
        parser = XTermParser(self._debug)
        stream = KeyStream()
        decode = getincrementaldecoder("utf-8")("replace").decode
        poll = select.poll()
        poll.register(self.fileno, select.POLLIN)
        while not self.exit_event.is_set():
            waiting = stream.waiting or parser._timeout_time is not None
            if poll.poll(1000 * (_HELD if waiting else _IDLE)):
                data = self._read()
                if not data:
                    self.process_message(TerminalGone())
                    return
                self._dispatch(parser, stream.feed(decode(data)))
            else:
                self._dispatch(parser, stream.release())
            for message in parser.tick():
                self.process_message(message)

    def _read(self) -> bytes:
        """The next bytes, none when the terminal is gone."""
        try:
            return os.read(self.fileno, 1 << 16)
        except OSError:
            return b""

    def _dispatch(self, parser: XTermParser, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, Pasted):
                self.process_message(events.Paste(piece.text.replace("\x00", "")))
            elif isinstance(piece, Background):
                self.process_message(TerminalBackground(piece.luminance))
            elif is_alt(piece.text):
                self._dispatch_alt(parser, piece.text)
            else:
                for message in parser.feed(piece.text):
                    self.process_message(message)

    def _dispatch_alt(self, parser: XTermParser, text: str) -> None:
        """Send a key with Alt on. Textual's parser waits for what may follow it, and where a key does so at
        once it takes both for text: `^` and the letters would be written into the draft."""
        if parser._timeout_time is not None:
            parser._timeout_time = 0.0
            for message in parser.tick():
                self.process_message(message)
        known = list(parser._sequence_to_key_events(text))
        for key in known or parser._sequence_to_key_events(text[1], alt=True):
            self.process_message(key)
