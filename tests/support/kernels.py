"""Where the engine's own kernel is built and can run, and what of it this processor can run."""

from __future__ import annotations

import ctypes
import shutil
import sysconfig
from pathlib import Path

import pytest

from cowrite.engine.llama import mul_mat

BUILDS = sysconfig.get_platform() == "linux-x86_64" and any(
    map(shutil.which, ("cc", "gcc", "clang"))
)

RUNS = BUILDS and {"avx2", "fma", "f16c"} <= set(Path("/proc/cpuinfo").read_text("utf-8").split())

kernel = pytest.mark.skipif(not RUNS, reason="no compiler, or no kernel for this machine")


def levels() -> list[int]:
    """The places in LEVELS that this processor can run, none where the kernel was not built."""
    if not mul_mat.LIBRARY.exists():
        return []
    best = int(ctypes.CDLL(str(mul_mat.LIBRARY)).cowrite_mul_mat_level())
    return list(range(1, best + 1))
