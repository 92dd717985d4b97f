"""What `cowrite doctor` looks at of the engine: the library, and the way in which the model is evaluated."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cowrite import catalog
from cowrite.cli.finding import Finding, note, ok, problem
from cowrite.config import Settings
from cowrite.errors import CowriteError
from cowrite.paths import Paths

if TYPE_CHECKING:
    from cowrite.engine.protocol import EngineOptions, ModelFile, Way

_ASK_LIBRARY = (
    "import json; from cowrite.engine.llama import library as l; "
    "print(json.dumps([l.version(), l.system_info()]), flush=True)"
)
_ASK_KERNEL = (
    "import json; from cowrite.engine.llama import mul_mat as m; "
    "print(json.dumps(m.described()), flush=True)"
)


def llama() -> Finding:
    """llama.cpp's build and CPU features, and our kernel, asked for in processes of their own."""
    from cowrite.engine.hardware import REBUILD

    try:
        package = importlib.metadata.version("llama-cpp-python")
    except importlib.metadata.PackageNotFoundError:
        hint = "pip install llama-cpp-python"
        return problem("llama.cpp", "llama-cpp-python is not installed.", hint)
    try:
        build, features = _asked(_ASK_LIBRARY)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        text = f"llama-cpp-python {package} does not load here ({_told(error)})."
        return problem("llama.cpp", text, REBUILD, package=package)
    try:
        kernel = str(_asked(_ASK_KERNEL))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        kernel = f"none (trying it failed: {_told(error)})"
    on = [
        part.split("=")[0].strip() for part in features.split("|") if part.strip().endswith("= 1")
    ]
    names = ", ".join(name.split(":")[-1].strip() for name in on)
    versions = f"llama-cpp-python {package}, llama.cpp {build}"
    text = f"{versions}; CPU features in use: {names or 'none'}; own kernel: {kernel}"
    facts = {"package": package, "build": build, "system_info": features, "kernel": kernel}
    return ok("llama.cpp", text, **facts)


def _asked(code: str) -> Any:
    """What a few lines print as JSON, in a process that may die of them."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        timeout=60,
        check=True,
        env={**os.environ, "GGML_NO_BACKTRACE": "1"},
    )
    return json.loads(done.stdout.splitlines()[-1])


def _told(error: Exception) -> str:
    from cowrite.engine.process import signal_name

    if isinstance(error, subprocess.CalledProcessError) and error.returncode < 0:
        return signal_name(error.returncode)
    if isinstance(error, subprocess.CalledProcessError):
        lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:200] if lines else f"code {error.returncode}"
    return type(error).__name__


def way(settings: Settings, paths: Paths) -> Finding:
    """In which way the chosen model is evaluated on this processor, and why so.

    It is tried now where it never was, and that is not remembered: this command changes nothing.
    """
    from cowrite.engine.ladder import WORDS, known_way
    from cowrite.engine.protocol import ModelFile
    from cowrite.session.options import engine_options_from

    try:
        found = catalog.ready(settings.model.name, paths)
    except CowriteError as error:
        text = "No way of evaluating is known: there is no model."
        return note("engine", text, "", way=None, way_reason=error.message)
    if found is None:
        reason = "not tried yet: the model is made ready at the first start"
        return note(
            "engine", f"The way of evaluating is {reason}.", "", way=None, way_reason=reason
        )
    model = ModelFile(found.name, found.path, found.sha256, found.base)
    options = engine_options_from(settings, paths)
    try:
        used, reason = known_way(model, options) or _tried(model, options)
    except CowriteError as error:
        return problem("engine", error.message, error.hint, way=None, way_reason=error.message)
    text = f"{found.name} is evaluated with the way '{used}' ({WORDS[used]}): {reason}."
    return ok("engine", text, way=used, way_reason=reason)


def _tried(model: ModelFile, options: EngineOptions) -> tuple[Way, str]:
    """Load the model once, with nothing kept of it. Raises EngineError."""
    from cowrite.session.blocking_engine import blocking_engine
    from cowrite.session.found_model import FoundModel

    with tempfile.TemporaryDirectory(prefix="cowrite-doctor-") as folder:
        alone = replace(options, kv_folder=None, cache_folder=None)
        with blocking_engine(FoundModel(model, alone), Path(folder) / "engine.log") as engine:
            loaded = engine.load()
    return loaded.way, loaded.way_reason
