"""The plugin for Neovim, in a real Neovim without a screen, with the stand-in for the model."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from fake_host import DEFAULT
from language_client import ROOT, SUPPORT, WAIT, bodies

from cowrite.cli.main import main
from cowrite.core.events import Closed, Edited, Shown
from cowrite.core.outcome import Closing

NEOVIM = os.environ.get("COWRITE_NVIM") or shutil.which("nvim")
TEXTS = DEFAULT[0]

pytestmark = pytest.mark.skipif(NEOVIM is None, reason="Neovim is not installed")


class Neovim:
    """One Neovim, which is typed into and asked through its own server."""

    def __init__(self, home: Path, draft: Path, **script: Any) -> None:
        self.socket = str(home / "nvim.sock")
        command = [sys.executable, str(SUPPORT / "run_lsp.py"), json.dumps(script)]
        setup = home / "init.lua"
        words = ", ".join(json.dumps(word) for word in command)
        setup.write_text(
            f"vim.opt.runtimepath:prepend({json.dumps(str(ROOT / 'editors' / 'nvim'))})\n"
            "vim.opt.swapfile = false\n"
            f"require('cowrite').setup({{ cmd = {{ {words} }} }})\n"
            + "".join(
                f"vim.keymap.set('i', '{key}', '<Plug>(cowrite-{name})')\n"
                for key, name in (
                    ("<C-g>g", "suggest"),
                    ("<C-g>a", "accept"),
                    ("<C-g>w", "accept-word"),
                    ("<C-g>s", "accept-sentence"),
                    ("<C-g>n", "next"),
                    ("<C-g>r", "reject"),
                )
            )
        )
        environment = {
            **os.environ,
            "COWRITE_HOME": str(home),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{SUPPORT}",
            "XDG_STATE_HOME": str(home / "nvim-state"),
            "XDG_DATA_HOME": str(home / "nvim-data"),
            "XDG_CONFIG_HOME": str(home / "nvim-config"),
        }
        assert NEOVIM is not None
        self.process = subprocess.Popen(
            [
                *(NEOVIM, "--headless", "--clean", "-u", str(setup), "--listen", self.socket),
                *("-c", "runtime plugin/cowrite.lua", "-c", "set filetype=markdown", str(draft)),
            ],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.until(lambda: Path(self.socket).exists())
        self.until(lambda: self._remote("--remote-expr", "&filetype").strip() == "markdown")

    def _remote(self, *words: str) -> str:
        assert NEOVIM is not None
        done = subprocess.run(
            [NEOVIM, "--server", self.socket, *words],
            capture_output=True,
            text=True,
            timeout=WAIT,
            check=True,
        )
        return done.stdout + done.stderr

    def keys(self, keys: str) -> None:
        """Type keys, `<Esc>` and the like by name."""
        self._remote("--remote-send", keys)

    def lua(self, expression: str) -> Any:
        """The value of an expression, through JSON."""
        quoted = f"vim.fn.json_encode({expression})".replace("'", "''")
        return json.loads(self._remote("--remote-expr", f"luaeval('{quoted}')"))

    @property
    def text(self) -> str:
        return "\n".join(self.lua("vim.api.nvim_buf_get_lines(0, 0, -1, false)"))

    @property
    def ghost(self) -> str | None:
        shown = self.lua('require("cowrite").shown() or {}')
        return shown["text"] if shown else None

    @property
    def drawn(self) -> str:
        """What stands at the extmark, on its line and below it."""
        marks = self.lua(
            'vim.api.nvim_buf_get_extmarks(0, vim.api.nvim_create_namespace("cowrite"),'
            " 0, -1, {details = true})"
        )
        if not marks:
            return ""
        (mark,) = marks
        rows = [mark[3]["virt_text"][0][0]]
        rows += [line[0][0] for line in mark[3].get("virt_lines", [])]
        return "\n".join(rows)

    def until(self, settled: Any) -> None:
        until = time.monotonic() + WAIT
        while not settled():
            assert time.monotonic() < until
            assert self.process.poll() is None
            time.sleep(0.05)

    def quit(self) -> None:
        self.keys("<Esc>:wqa<CR>")
        assert self.process.wait(WAIT) == 0


def test_a_writers_walk(home: Path, capsys: pytest.CaptureFixture[str]):
    draft = home / "tale.md"
    draft.write_text("H\u00e9 went \U0001f600\nend\n")
    texts = [[*TEXTS[:2], " over\nthe sea"]]
    editor = Neovim(home, draft, texts=texts)
    try:
        # Ask, look at all three, take the second.
        editor.keys("A<C-g>g")
        editor.until(lambda: editor.ghost == TEXTS[0])
        assert editor.drawn == TEXTS[0]
        assert editor.text == "H\u00e9 went \U0001f600\nend"
        editor.until(lambda: editor.lua('require("cowrite").shown().count') == 3)
        editor.keys("<C-g>n")
        editor.until(lambda: editor.ghost == TEXTS[1])
        editor.keys("<C-g>n")
        editor.until(lambda: editor.drawn == " over\nthe sea")
        editor.keys("<C-g>n<C-g>n")
        editor.until(lambda: editor.ghost == TEXTS[1])
        editor.keys("<C-g>a")
        editor.until(lambda: editor.text == f"H\u00e9 went \U0001f600{TEXTS[1]}\nend")
        assert editor.drawn == ""
        # A word, then the rest of the sentence, in the last line.
        editor.keys("<Esc>GA<C-g>g")
        editor.until(lambda: editor.ghost == TEXTS[0])
        editor.keys("<C-g>w")
        editor.until(lambda: editor.text.endswith("end and"))
        editor.until(lambda: editor.drawn == TEXTS[0][4:])
        editor.keys("<C-g>s")
        editor.until(lambda: editor.text.endswith("end" + TEXTS[0]))
        # Refuse.
        editor.keys("<C-g>g")
        editor.until(lambda: editor.ghost == TEXTS[0])
        editor.keys("<C-g>r")
        editor.until(lambda: editor.ghost is None and editor.drawn == "")
        # Type what it says, then something else.
        editor.keys("<C-g>g")
        editor.until(lambda: editor.lua('(require("cowrite").shown() or {}).count or 0') == 3)
        editor.keys(" a")
        editor.until(lambda: editor.ghost == TEXTS[0][2:])
        editor.keys("!")
        editor.until(lambda: editor.ghost is None)
        final = editor.text
        editor.quit()
    finally:
        if editor.process.poll() is None:
            editor.process.kill()
    assert draft.read_text() == final + "\n"
    seen = bodies(home)
    closings = [body.closing for body in seen if isinstance(body, Closed)]
    assert closings[:3] == [Closing.TAKEN, Closing.TAKEN, Closing.REJECTED]
    assert closings[3] is Closing.TYPED
    parts = [b.edit.part for b in seen if isinstance(b, Edited) and b.edit.suggestion_id]
    assert [str(part) for part in parts] == ["all", "word", "sentence", "typed", "typed"]
    assert [b.candidate for b in seen if isinstance(b, Shown)][:5] == [0, 1, 2, 0, 1]
    capsys.readouterr()
    assert main(["export", "-f", "suggestions"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["outcome"] for row in rows][:2] == ["accepted", "accepted"]


def test_its_commands_and_mappings_are_in_its_help():
    folder = ROOT / "editors" / "nvim"
    told = (folder / "doc" / "cowrite.txt").read_text()
    plugin = (folder / "plugin" / "cowrite.lua").read_text()
    acts = re.findall(r"^  (\w+) = \{ '([\w-]+)'", plugin, re.MULTILINE)
    assert len(acts) == 8
    for command, mapping in acts:
        assert f"*:Cowrite{command}*" in told
        assert f"<Plug>(cowrite-{mapping})" in told
