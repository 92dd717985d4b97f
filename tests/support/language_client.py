"""An editor for tests: starts the language server, and speaks with it on its pipes."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from forks import Piped

from cowrite.store import Store

SUPPORT = Path(__file__).resolve().parent
ROOT = SUPPORT.parent.parent
WAIT = 120.0
"""Seconds until an answer must have come, on a machine that has other things to do."""


class LanguageClient:
    """One editor with one server. Messages are bare dictionaries, so that any can be sent."""

    def __init__(
        self, home: Path, *settings: str, command: list[str] | None = None, **script: Any
    ) -> None:
        environment = {
            **{k: v for k, v in os.environ.items() if k != "COWRITE_MODEL"},
            "COWRITE_HOME": str(home),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}",
        }
        self.process: Piped | subprocess.Popen[bytes]
        if command is None:
            words = [str(SUPPORT / "run_lsp.py"), json.dumps(script), *settings]
            self.process = Piped(words, environment, home)
        else:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                cwd=home,
            )
        self.notifications: queue.Queue[dict[str, Any]] = queue.Queue()
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._count = 0
        self.version = 0
        self._errors: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._drain, daemon=True).start()

    def __enter__(self) -> LanguageClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _listen(self) -> None:
        out = self.process.stdout
        assert out is not None
        while header := out.readline():
            size = int(header.partition(b":")[2])
            while out.readline().strip():
                pass
            message = json.loads(out.read(size))
            if "id" in message and "method" not in message:
                self._answers[message["id"]].put(message)
            else:
                self.notifications.put(message)
        for waiting in self._answers.values():
            waiting.put({"error": "the server is gone"})

    def _drain(self) -> None:
        assert self.process.stderr is not None
        self._errors.extend(self.process.stderr)

    @property
    def errors(self) -> str:
        """What came on stderr so far."""
        return b"".join(self._errors).decode()

    # Messages

    def send(self, **message: Any) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def notify(self, method: str, params: Any) -> None:
        self.send(method=method, params=params)

    def begin(self, method: str, params: Any) -> int:
        """Send a request, and don't wait."""
        self._count += 1
        self._answers[self._count] = queue.Queue()
        self.send(id=self._count, method=method, params=params)
        return self._count

    def answer(self, number: int) -> dict[str, Any]:
        """The whole answer to a request."""
        return self._answers[number].get(timeout=WAIT)

    def ask(self, method: str, params: Any) -> Any:
        """The result of a request."""
        answer = self.answer(self.begin(method, params))
        assert "error" not in answer, answer
        return answer["result"]

    def notified(self, method: str) -> Any:
        """The params of the next notification of this kind."""
        while True:
            message = self.notifications.get(timeout=WAIT)
            if message["method"] == method:
                return message["params"]

    # What editors do

    def initialize(self, *encodings: str, **options: Any) -> dict[str, Any]:
        """Agree with the server; returns its capabilities."""
        general = {"general": {"positionEncodings": list(encodings)}} if encodings else {}
        params = {
            "processId": None,
            "rootUri": None,
            "capabilities": general,
            "initializationOptions": options,
        }
        found = self.ask("initialize", params)
        self.notify("initialized", {})
        return found["capabilities"]

    def open(self, uri: str, text: str) -> None:
        document = {"uri": uri, "languageId": "markdown", "version": 0, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, *changes: Any) -> None:
        """Changes `(line, column, line, column, text)`, or whole texts."""
        self.version += 1
        told = []
        for one in changes:
            if isinstance(one, str):
                told.append({"text": one})
            else:
                low, high = _place(one[0], one[1]), _place(one[2], one[3])
                told.append({"range": {"start": low, "end": high}, "text": one[4]})
        document = {"uri": uri, "version": self.version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": told})

    def asking(
        self, uri: str, line: int, column: int, *, invoked: bool = True, **context: Any
    ) -> int:
        """Begin to ask for candidates at a place."""
        return self.begin(
            "textDocument/inlineCompletion",
            {
                "textDocument": {"uri": uri},
                "position": _place(line, column),
                "context": {"triggerKind": 1 if invoked else 2, **context},
            },
        )

    def items(
        self, uri: str, line: int, column: int, *, invoked: bool = True
    ) -> list[dict[str, Any]]:
        """The candidates at a place."""
        answer = self.answer(self.asking(uri, line, column, invoked=invoked))
        assert "error" not in answer, answer
        return answer["result"]["items"]

    def run(self, item: dict[str, Any]) -> Any:
        """Run an item's command, as an editor does behind its insertion."""
        command = item["command"]
        return self.command(command["command"], *command["arguments"])

    def command(self, name: str, *arguments: Any) -> Any:
        return self.ask("workspace/executeCommand", {"command": name, "arguments": list(arguments)})

    def end(self) -> int:
        """Say that this is the end; the server's exit code."""
        self.ask("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(WAIT)

    def die(self) -> int:
        """Go away without a word; the server's exit code."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        return self.process.wait(WAIT)


def _place(line: int, column: int) -> dict[str, int]:
    return {"line": line, "character": column}


def bodies(home: Path) -> list[Any]:
    """What the log at this home has of all sessions, in order: the events without their times."""
    with Store.open(home / "data" / "log.sqlite3") as store:
        reader = store.reader
        return [e.body for s in reader.sessions() for e in reader.events(s.session_id)]
