"""Builds the engine's kernel (cowrite/engine/llama/mul_mat.c) into the wheel, where that can be done.

Without a compiler, or for a processor that the kernel knows nothing of, the wheel is made without it, and
llama.cpp does that work itself.
"""

import os
import shlex
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "cowrite/engine/llama/mul_mat.c"
TARGET = "cowrite/engine/llama/_mul_mat.so"
OPTIONS = ["-std=c11", "-O3", "-fPIC", "-shared", "-Wall", "-Wextra"]
"""No -march: the kernel asks the processor that runs it, which may be another one than this."""


class KernelHook(BuildHookInterface):
    """Compiles the kernel before the files of a wheel are gathered; editable ones find it in the tree."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        trouble = build(root / SOURCE, root / TARGET)
        if trouble:
            self.app.display_warning(f"cowrite's kernel was not built: {trouble}")
            return
        build_data["artifacts"].append(TARGET)
        build_data["pure_python"] = False
        build_data["tag"] = "py3-none-linux_x86_64"


def build(source: Path, target: Path) -> str:
    """Compile `source` to `target`; what hindered it, or nothing."""
    try:
        target.unlink(missing_ok=True)
    except OSError as error:
        return str(error)
    if sysconfig.get_platform() != "linux-x86_64":
        return f"there is none for {sysconfig.get_platform()}"
    trouble = "there is no C compiler"
    for compiler in (os.environ.get("CC"), sysconfig.get_config_var("CC"), "cc", "gcc", "clang"):
        try:
            command = [*shlex.split(compiler or ""), *OPTIONS, str(source), "-o", str(target)]
            done = subprocess.run(command, capture_output=True, check=False)
        except (OSError, ValueError):
            continue
        if done.returncode == 0:
            return ""
        trouble = f"{command[0]} said {done.stderr.decode(errors='replace').strip()[-500:]}"
    return trouble
