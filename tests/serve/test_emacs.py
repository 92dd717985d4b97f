"""The package for Emacs, in a real Emacs in a terminal, with the stand-in for the model."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_host import DEFAULT
from language_client import ROOT, SUPPORT, WAIT, bodies
from terminal import Terminal

from cowrite.cli.main import main
from cowrite.core.events import Closed, Edited, Ended, Requested, Shown
from cowrite.core.outcome import Closing
from cowrite.store import Store

EMACS = os.environ.get("COWRITE_EMACS") or shutil.which("emacs")
TEXTS = DEFAULT[0]
ASK, ALL, WORD, SENTENCE, NEXT, REFUSE = "\x03 ", "\t", "\x1bf", "\x1be", "\x1bn", "\x07"
SAVE, END = "\x18\x13", "\x18\x03"

pytestmark = [
    pytest.mark.pty,
    pytest.mark.skipif(EMACS is None, reason="Emacs is not installed"),
]


def lisp(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Emacs(Terminal):
    """One Emacs, which is typed into and asked through its own server."""

    def __init__(self, home: Path, draft: Path, setup: str = "", **script: Any) -> None:
        command = [sys.executable, str(SUPPORT / "run_lsp.py"), json.dumps(script)]
        init = home / "init.el"
        init.write_text(
            f"(add-to-list 'load-path {lisp(str(ROOT / 'editors' / 'emacs'))})\n"
            "(require 'server)\n"
            f"(setq server-socket-dir {lisp(str(home))} make-backup-files nil auto-save-default nil)\n"
            "(server-start)\n"
            "(require 'cowrite)\n"
            f"(setq cowrite-command '({' '.join(map(lisp, command))}))\n"
            "(add-hook 'text-mode-hook #'cowrite-mode)\n"
            "(add-to-list 'auto-mode-alist '(\"\\\\.md\\\\'\" . text-mode))\n"
            '(define-key cowrite-mode-map (kbd "C-c SPC") #\'cowrite-suggest)\n' + setup
        )
        self._home = home
        assert EMACS is not None
        environment = {
            "COWRITE_HOME": str(home),
            "HOME": str(home),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}",
        }
        super().__init__([EMACS, "-nw", "-Q", "-l", str(init), str(draft)], env=environment)
        self.until(lambda: (home / "server").exists())
        self.until(lambda: self.lisp("cowrite--ready"))

    def lisp(self, expression: str) -> Any:
        """The value of an expression in the buffer that is looked at, through JSON."""
        assert EMACS is not None
        client = Path(EMACS).with_name("emacsclient")
        inside = f"(with-current-buffer (window-buffer) (json-encode {expression}))"
        done = subprocess.run(
            [str(client), "-s", str(self._home / "server"), "--eval", inside],
            capture_output=True,
            text=True,
            timeout=WAIT,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(json.loads(done.stdout, strict=False))

    def until(self, settled: Any) -> None:
        def looked() -> bool:
            self.read(0.02)
            return bool(settled())

        self.wait(looked, WAIT)

    @property
    def buffer(self) -> str:
        return str(self.lisp("(buffer-substring-no-properties (point-min) (point-max))"))

    @property
    def ghost(self) -> str:
        """What stands at point and is not in the buffer."""
        drawn = '(if cowrite--overlay (overlay-get cowrite--overlay \'after-string) "")'
        return re.sub(r" \(\d/\d\)$", "", str(self.lisp(drawn)))

    @property
    def count(self) -> int:
        return int(
            self.lisp("(if cowrite--ghost (length (cowrite--ghost-items cowrite--ghost)) 0)")
        )

    def quit(self) -> None:
        self.write(SAVE)
        self.until(lambda: not self.lisp("(if (buffer-modified-p) t nil)"))
        self.write(END)
        assert self.ended(WAIT) == 0


def until(settled: Callable[[], object]) -> None:
    end = time.monotonic() + WAIT
    while not settled():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_writers_walk(home: Path, capsys: pytest.CaptureFixture[str]):
    draft = home / "tale.md"
    draft.write_text("Hé went \U0001f600\nend\n")
    with Emacs(home, draft, texts=[[*TEXTS[:2], " over\nthe sea"]]) as editor:
        # Ask, look at all three, take the second.
        editor.write("\x05" + ASK)
        editor.until(lambda: editor.count == 3 and editor.ghost == TEXTS[0])
        editor.wait(TEXTS[0].strip() + " (1/3)", WAIT)
        assert editor.buffer == "Hé went \U0001f600\nend\n"
        editor.write(NEXT)
        editor.until(lambda: editor.ghost == TEXTS[1])
        editor.write(NEXT)
        editor.until(lambda: editor.ghost == " over\nthe sea")
        editor.wait(lambda: "the sea (3/3)" in editor.lines, WAIT)
        editor.write(NEXT + NEXT)
        editor.until(lambda: editor.ghost == TEXTS[1])
        editor.write(ALL)
        editor.until(lambda: editor.buffer == f"Hé went \U0001f600{TEXTS[1]}\nend\n")
        assert editor.ghost == ""
        # A word, then the rest of the sentence, in the next line.
        editor.write("\x0e\x05" + ASK)
        editor.until(lambda: editor.count == 3 and editor.ghost == TEXTS[0])
        editor.write(WORD)
        editor.until(lambda: editor.buffer.endswith("end and\n"))
        editor.until(lambda: editor.ghost == TEXTS[0][4:])
        editor.write(SENTENCE)
        editor.until(lambda: editor.buffer.endswith("end" + TEXTS[0] + "\n"))
        # Refuse.
        editor.write(ASK)
        editor.until(lambda: editor.count == 3 and editor.ghost == TEXTS[0])
        editor.write(REFUSE)
        editor.until(lambda: editor.ghost == "")
        # Type what it says, then something else.
        editor.write(ASK)
        editor.until(lambda: editor.count == 3 and editor.ghost == TEXTS[0])
        editor.type(" a")
        editor.until(lambda: editor.ghost == TEXTS[0][2:])
        editor.type("!")
        editor.until(lambda: editor.ghost == "")
        # What was taken is one step of undo.
        editor.write(ASK)
        editor.until(lambda: editor.count == 3)
        before = editor.buffer
        editor.write(ALL)
        editor.until(lambda: len(editor.buffer) > len(before))
        editor.write("\x1f")
        editor.until(lambda: editor.buffer == before)
        editor.quit()
    assert draft.read_text() == before
    seen = bodies(home)
    closings = [body.closing for body in seen if isinstance(body, Closed)]
    assert closings[:3] == [Closing.TAKEN, Closing.TAKEN, Closing.REJECTED]
    assert closings[3] is Closing.TYPED
    parts = [b.edit.part for b in seen if isinstance(b, Edited) and b.edit.suggestion_id]
    assert [str(part) for part in parts] == ["all", "word", "sentence", "typed", "typed", "all"]
    assert [b.candidate for b in seen if isinstance(b, Shown)][:5] == [0, 1, 2, 0, 1]
    capsys.readouterr()
    assert main(["export", "-f", "suggestions"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["outcome"] for row in rows][:2] == ["accepted", "accepted"]


EDITS = [
    '(progn (goto-char 3) (insert "\u00e9\U0001f600 one two"))',
    "(progn (goto-char 1) (upcase-word 2) (capitalize-word 1) (transpose-words 1))",
    '(progn (goto-char (point-min)) (while (search-forward "e" nil t) (replace-match "\u00eb\u00eb")))',
    '(progn (goto-char 1) (insert "abC ") (upcase-region 1 5))',
    '(progn (goto-char (point-max)) (insert (make-string 300 ?w) "\\n\\nl " (make-string 90 ?v) " line\\n"))',
    "(progn (forward-line -1) (fill-paragraph) (sort-lines nil (point-min) (point-max)))",
    "(progn (goto-char 8) (kill-line 2) (yank) (yank))",
    '(save-restriction (narrow-to-region 12 20) (delete-region 13 15) (goto-char 16) (insert "n\\nn"))',
    "(subst-char-in-region (point-min) (point-max) ?n ?m)",
    "(progn (undo-boundary) (delete-region 4 30) (undo-boundary) (undo 1) (undo-boundary))",
    '(combine-change-calls (point-min) (point-max) (goto-char 5) (insert "A") (delete-region 9 12))',
    '(progn (goto-char 7) (insert (string #x3fff80)) (insert "!"))',
]


@pytest.mark.parametrize("text", ["One\r\ntwo three\r\nfour\r\n", "One\r\ntwo\nthree\rfour five\n"])
def test_whatever_is_done_the_server_has_the_same_text(home: Path, text: str):
    draft = home / "tale.md"
    draft.write_bytes(text.encode())
    with Emacs(home, draft) as editor:
        editor.lisp('(progn (goto-char (point-min)) (search-forward "two") (insert "X") t)')
        editor.until(lambda: any(isinstance(body, Edited) for body in bodies(home)))
        (first,) = [body.edit for body in bodies(home) if isinstance(body, Edited)]
        assert first.inserted == "X"
        editor.lisp("(progn (set-buffer-modified-p nil) (revert-buffer t t) t)")
        for number, edit in enumerate(EDITS):
            editor.lisp(f'(progn {edit} (when (= 0 (% {number} 4)) (goto-char 2) (insert "z")) t)')
        wanted = editor.lisp("(cowrite--whole)")
        assert len(wanted) > 400
        editor.kill()
        editor.ended(WAIT)
    until(lambda: [body.how for body in bodies(home) if isinstance(body, Ended)][1:] == ["hangup"])
    with Store.open(home / "data" / "log.sqlite3") as store:
        lost = store.reader.unsaved(str(draft))
        assert lost is not None
        assert lost.text == wanted


def test_unasked_it_asks_behind_what_was_typed_alone(home: Path):
    draft = home / "tale.md"
    draft.write_text("end\n")
    with Emacs(home, draft, "(setq cowrite-auto t)\n") as editor:
        editor.write("\x05" + ASK)
        editor.until(lambda: editor.count == 3)  # the model is there now
        editor.write("\x01\x05")  # to move is not to type
        editor.until(lambda: editor.lisp("(point)") == 4 and editor.ghost == "")
        assert not editor.lisp("(timerp cowrite--timer)")
        editor.type(" of it")
        editor.until(lambda: editor.ghost == TEXTS[0])
        editor.write("\x01")
        editor.until(lambda: editor.ghost == "")
        editor.quit()
    asked = [body.auto for body in bodies(home) if isinstance(body, Requested)]
    assert asked[0] is False
    assert asked[1:]
    assert all(asked[1:])


def test_a_server_that_died_is_started_by_the_next_question(home: Path):
    draft = home / "tale.md"
    draft.write_text("end\n")
    with Emacs(home, draft) as editor:
        editor.write("\x05" + ASK)
        editor.until(lambda: editor.ghost == TEXTS[0])
        process = "(process-id (jsonrpc--process cowrite--server))"
        os.kill(editor.lisp(process), signal.SIGKILL)
        editor.until(lambda: editor.ghost == "" and not editor.lisp("cowrite--ready"))
        editor.type(" of")
        editor.until(lambda: editor.buffer == "end of\n")
        editor.write(ASK)
        editor.until(lambda: editor.count == 3 and editor.ghost == TEXTS[0])
        editor.write(ALL)
        editor.until(lambda: editor.buffer == f"end of{TEXTS[0]}\n")
        # Off is off: nothing is told any more.
        editor.lisp("(progn (cowrite-mode -1) t)")
        until(lambda: [b.how for b in bodies(home) if isinstance(b, Ended)][-1:] == ["quit"])
        editor.type(" unseen")
        editor.until(lambda: "unseen" in editor.buffer)
        editor.quit()
    written = "".join(b.edit.inserted for b in bodies(home) if isinstance(b, Edited))
    assert written == f" of{TEXTS[0]}"


def test_it_compiles_without_a_warning(tmp_path: Path):
    copy = tmp_path / "cowrite.el"
    shutil.copy(ROOT / "editors" / "emacs" / "cowrite.el", copy)
    assert EMACS is not None
    command = [EMACS, "-Q", "--batch", "-f", "batch-byte-compile", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_its_keys_and_options_are_on_its_page():
    source = (ROOT / "editors" / "emacs" / "cowrite.el").read_text()
    told = (ROOT / "docs" / "editors.md").read_text().partition("## Emacs")[2]
    keys = re.findall(r'\(define-key map \(kbd "(\S+)"\)', source)
    assert len(keys) >= 6
    for name in (*keys, *re.findall(r"\(defcustom (\S+)", source)):
        assert name in told
