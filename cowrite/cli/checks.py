"""What `cowrite doctor` looks at. Each check looks and changes nothing."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cowrite
from cowrite import catalog
from cowrite.catalog import ModelState
from cowrite.cli.engine_checks import llama, way
from cowrite.cli.finding import Finding, note, ok, problem
from cowrite.cli.output import size
from cowrite.cli.remote_checks import remote
from cowrite.cli.terminal_checks import keyboard_here
from cowrite.config import Loaded, load_explained
from cowrite.errors import CowriteError
from cowrite.paths import Paths, expanded, refused_locks

SMALL_SCREEN = (60, 15)
LITTLE_DISK = 500_000_000


def findings(paths: Paths) -> Iterator[Finding]:
    """All checks, one after the other."""
    yield _program()
    yield from terminal(
        os.environ, shutil.get_terminal_size(), sys.stdout is not None and sys.stdout.isatty()
    )
    yield from keyboard_here()
    yield sqlite(sqlite3.sqlite_version)
    yield llama()
    yield memory()
    loaded = None
    try:
        loaded = load_explained(paths)
        yield settings(loaded, paths)
        yield way(loaded.settings, paths)
        yield from remote(loaded.settings)
    except CowriteError as error:
        yield problem("settings", error.message, error.hint)
    yield from models(paths, loaded)
    yield from folders(paths)


def _program() -> Finding:
    facts = {
        "cowrite": cowrite.__version__,
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": platform.platform(),
        "cpus": os.cpu_count(),
    }
    text = "cowrite {cowrite}, Python {python}, {system}, {cpus} CPUs".format_map(facts)
    return ok("program", text, **facts)


def terminal(environ: Any, screen: os.terminal_size, tty: bool) -> Iterator[Finding]:
    """Size, kind and encoding of the terminal."""
    names = ("TERM", "COLORTERM", "TERM_PROGRAM", "TMUX", "SSH_TTY", "NO_COLOR")
    said = {name: environ[name] for name in names if environ.get(name)}
    facts = {"tty": tty, "columns": screen.columns, "lines": screen.lines, **said}
    if not tty:
        yield note("terminal", "stdout is no terminal here, so nothing is known of it.", **facts)
    elif (screen.columns, screen.lines) < SMALL_SCREEN or screen.lines < SMALL_SCREEN[1]:
        small = f"{screen.columns}x{screen.lines}"
        yield note("terminal", f"{small} is small.", "60x15 or more is comfortable.", **facts)
    elif said.get("TERM") in (None, "dumb"):
        yield problem("terminal", "TERM does not name a terminal.", "export TERM=xterm-256color")
    else:
        colours = "24-bit colours" if said.get("COLORTERM") in ("truecolor", "24bit") else "colours"
        colours = "no colours (NO_COLOR)" if "NO_COLOR" in said else colours
        text = f"{said['TERM']}, {screen.columns}x{screen.lines}, {colours}"
        yield ok("terminal", text, **facts)
    encoding = locale.getpreferredencoding(False)
    if encoding.lower().replace("-", "") != "utf8":
        yield problem("encoding", f"The locale's encoding is {encoding}.", "export LC_ALL=C.UTF-8")


def sqlite(version: str) -> Finding:
    """The SQLite version, and what it means for the log."""
    from cowrite.store.connect import wal_is_safe

    numbers = tuple(int(part) for part in version.split(".") if part.isdigit())
    if wal_is_safe(numbers):
        text = (
            f"SQLite {version}: the log uses a write-ahead journal, which is quick and safe here."
        )
        return ok("sqlite", text, version=version, journal="wal")
    text = (
        f"SQLite {version} can lose the newest entries of a write-ahead journal (repaired in 3.51.3, "
        "3.50.7 and 3.44.6), so the log uses a rollback journal: as safe, a little slower."
    )
    return note("sqlite", text, "", version=version, journal="rollback")


def memory() -> Finding:
    free = catalog.free_memory()
    if free is None:
        return note("memory", "The system does not say how much memory is free.")
    return ok("memory", f"{size(free)} of memory are free.", free=free)


def settings(loaded: Loaded, paths: Paths) -> Finding:
    files = [str(path) for path in loaded.files]
    where = ", ".join(files) or f"defaults only (yours would be {paths.config_file})"
    set_here = f"; {len(loaded.sources)} set" if loaded.sources else ""
    return ok("settings", where + set_here, files=files, set=sorted(loaded.sources))


def models(paths: Paths, loaded: Loaded | None) -> Iterator[Finding]:
    """Each known model, the one in use first among them to be complained of."""
    used = loaded.settings.model.name if loaded is not None else ""
    for error in catalog.broken(paths):
        yield problem("models", error.message, error.hint)
    known = catalog.cards(paths)
    for card in known.values():
        state = catalog.state_of(card, paths)
        mark = " (in use)" if card.name == used else ""
        facts = {"name": card.name, "state": state, "used": card.name == used}
        if state is ModelState.MISSING:
            kind = problem if card.name == used else note
            yield kind("models", f"{card.name}{mark} is not here.", card.install, **facts)
        else:
            yield ok("models", f"{card.name}{mark}: {state}, {size(card.size)}", **facts)
    if used and used not in known:
        try:
            path = expanded(used)
            facts_in = catalog.read_facts(path) if catalog.is_path(used) else None
            if facts_in is None:
                catalog.find_card(used, paths)
            yield ok("models", f"{used} (in use): ready", name=used, used=True)
        except CowriteError as error:
            yield problem("models", error.message, error.hint, name=used, used=True)


def folders(paths: Paths) -> Iterator[Finding]:
    """Where things are, who can read them, whether there is room."""
    for name in ("config", "data", "cache", "state"):
        folder: Path = getattr(paths, name)
        yield _folder(name, folder)
    if paths.log_file.is_file():
        mode = stat.S_IMODE(paths.log_file.stat().st_mode)
        text = f"log {paths.log_file}, {size(paths.log_file.stat().st_size)}"
        facts = {"path": str(paths.log_file), "mode": f"{mode:04o}"}
        if mode & 0o077:
            hint = f"chmod 600 {paths.log_file}"
            yield problem("log", f"{text}: others can read it.", hint, **facts)
        else:
            yield ok("log", text, **facts)


def _folder(name: str, folder: Path) -> Finding:
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    free = shutil.disk_usage(nearest).free
    facts = {"name": name, "path": str(folder), "exists": folder.exists(), "free": free}
    text = f"{name} {folder}, {size(free)} free"
    if not os.access(nearest, os.W_OK | os.X_OK) or not nearest.is_dir():
        hint = "Set COWRITE_HOME to a folder that can be written."
        return problem("folders", f"{text}: it can't be written.", hint, **facts)
    if folder.exists():
        mode = stat.S_IMODE(folder.stat().st_mode)
        facts["mode"] = f"{mode:04o}"
        if mode & 0o077:
            hint = f"chmod 700 {folder}"
            return note("folders", f"{text}: others can look into it.", hint, **facts)
    else:
        text += " (made when it is needed)"
    if name in ("data", "cache"):
        refused = refused_locks(nearest)
        facts["refused_locks"] = sorted(refused)
        hint = "Set COWRITE_HOME to a folder on a disk of this machine."
        if name == "data" and "fcntl" in refused:
            said = f"{text}: its files can't be locked, so nothing is logged."
            return problem("folders", said, hint, **facts)
        if refused:
            said = f"{text}: not every lock can be had on its files, so two windows may not see each other."
            return note("folders", said, hint, **facts)
    if free < LITTLE_DISK:
        return note("folders", f"{text}: little room.", "Free some space.", **facts)
    return ok("folders", text, **facts)
