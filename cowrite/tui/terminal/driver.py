"""The terminal driver: Textual's own for Linux and macOS, with an input of ours (`keystream`)."""

from __future__ import annotations

import io
import os
import select
import time
from codecs import getincrementaldecoder
from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from cowrite.tui.terminal import modes
from cowrite.tui.terminal.answers import Background, Report
from cowrite.tui.terminal.keyreports import Press
from cowrite.tui.terminal.keystream import KeyStream, Piece
from cowrite.tui.terminal.messages import InputFailed, Paste, TerminalBackground, TerminalGone

_ASK_BACKGROUND = "\x1b]11;?\x1b\\"
_IDLE = 0.1
_MOST_REPORTS = 3
"""Crash reports of one window's input: what fails for one key may fail for each."""


class CowriteDriver(LinuxDriver):
    """Reads the keys through a `KeyStream`, asks the terminal for its background, notices its end."""

    _failures = 0

    def start_application_mode(self) -> None:
        """Enter the alternate screen; the question goes out before anything is painted.

        The terminal is written to in UTF-8, as it is read, whatever the locale says: a letter that another
        encoding lacks would be an escape of six letters, and all that follows it in another column.
        """
        if isinstance(self._file, io.TextIOWrapper):  # a test may have put something else there
            self._file.reconfigure(encoding="utf-8", errors="replace")
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.input_tty and self._writer_thread is not None:
            self.write(_ASK_BACKGROUND)
            self.flush()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        if self._writer_thread is not None:
            self.write(modes.given_back(os.environ))
        super().stop_application_mode()

    def write(self, data: str) -> None:
        """Write to the terminal. Where Textual asks for its kind of key reports, ours are asked for."""
        super().write(modes.asked(data, os.environ) if data.startswith("\x1b[>") else data)

    # The input thread

    def _run_input_thread(self) -> None:
        """Read until the program ends or the terminal is gone, whatever fails meanwhile."""
        while not self.exit_event.is_set():
            try:
                self.run_input_thread()
            except Exception as error:  # noqa: BLE001 - reported; a window that is deaf would lose the draft
                self._failed(error)
                self.exit_event.wait(_IDLE)
            else:
                return

    def run_input_thread(self) -> None:
        """Read until the program ends or the terminal is gone."""
        self._parser = XTermParser(self._debug)
        self._stream = self._new_stream()
        self._functions = modes.shifted_functions(os.environ)
        decode = getincrementaldecoder("utf-8")("replace").decode
        poll = select.poll()
        poll.register(self.fileno, select.POLLIN)
        while not self.exit_event.is_set():
            due = self._stream.due
            wait = _IDLE if due is None else min(_IDLE, max(0.0, due - time.monotonic()) + 0.001)
            if poll.poll(1000 * wait):
                data = self._read()
                if data == b"":
                    self.process_message(TerminalGone())
                    return
                self._send_all(self._stream.feed(decode(data or b"")))
            self._send_all(self._stream.expire())

    def _new_stream(self) -> KeyStream:
        environ = os.environ
        return KeyStream(far=modes.is_far(environ), escape=modes.escape_patience(environ))

    def _read(self) -> bytes | None:
        """The next bytes; empty when the terminal is gone, None where there are none after all."""
        try:
            return os.read(self.fileno, 1 << 16)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def _send_all(self, pieces: Iterable[Piece]) -> None:
        """Send each piece on; one that fails is reported and left out."""
        source = iter(pieces)
        while True:
            try:
                piece = next(source, None)
            except Exception as error:  # noqa: BLE001 - reported; what comes next is read anew
                self._stream = self._new_stream()
                self._failed(error)
                return
            if piece is None:
                return
            try:
                self._send(piece)
            except Exception as error:  # noqa: BLE001 - reported; the other keys are not this one's
                self._parser = XTermParser(self._debug)
                self._failed(error)

    def _send(self, piece: Piece) -> None:
        if isinstance(piece, Press):
            key = self._functions.get(piece.key, piece.key)
            self.process_message(events.Key(key, piece.text))
        elif isinstance(piece, Report):
            for message in self._parser.feed(piece.sequence):
                self.process_message(message)
        elif isinstance(piece, Background):
            self.process_message(TerminalBackground(piece.luminance))
        else:
            text = piece.text.replace("\x00", "")
            self.process_message(Paste(text, goes_on=piece.goes_on))

    def _failed(self, error: Exception) -> None:
        """Keep a report that says where, and let the writer know."""
        from cowrite.crash_report import write_report

        self._failures += 1
        if self._failures > _MOST_REPORTS:
            return
        paths = getattr(self._app, "paths", None)
        report = write_report(error, paths.crash_folder) if paths is not None else None
        self.process_message(InputFailed(report))
