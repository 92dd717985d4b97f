"""What names this machine's processor, so that what was tried on it is not believed on another."""

from __future__ import annotations

import platform
import sys
from functools import cache
from pathlib import Path

_NAMING = (
    *("vendor_id", "model name", "cpu family", "model", "stepping", "flags"),
    *("CPU implementer", "CPU part", "Features"),
)
"""Lines of /proc/cpuinfo (x86 and ARM) that say which processor this is and what it can do."""


@cache
def processor() -> str:
    """The processor's name and features: one text for one kind of processor.

    A virtual machine that wakes up on another host, with other features, has another text.
    """
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"{platform.machine()}/{platform.processor()}"
    first = text.split("\n\n", 1)[0].splitlines()
    kept = [line for line in first if line.split(":")[0].strip() in _NAMING]
    return "\n".join([platform.machine(), *kept])


REBUILD = (
    f"Build it anew for this machine: {sys.executable} -m pip install --force-reinstall --no-deps "
    "--no-cache-dir --no-binary llama-cpp-python llama-cpp-python"
)
"""What helps where the library was built for another machine; pip may have kept that build."""
