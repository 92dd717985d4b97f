"""What names this machine's processors, so that what was tried on it is not believed on another."""

from __future__ import annotations

import platform
import sys
from contextlib import suppress
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


_DRIVERS = (
    "/proc/driver/nvidia/version",
    "/sys/module/amdgpu/version",
    "/sys/module/amdgpu/srcversion",
)
"""Files of Linux that say which driver of a graphics processor is in use."""


@cache
def graphics() -> str:
    """The graphics processors and their drivers, as far as the system's files say it; no driver is asked."""
    cards = Path("/sys/class/drm").glob("card[0-9]*")
    named = [card / "device" / what for card in sorted(cards) for what in ("vendor", "device")]
    said = [platform.release(), platform.mac_ver()[0]]
    for path in (*named, *map(Path, _DRIVERS)):
        with suppress(OSError):
            said.append(f"{path}: {path.read_text(encoding='utf-8', errors='replace').strip()}")
    return "\n".join(said)


REBUILD = (
    f"Build it anew for this machine: {sys.executable} -m pip install --force-reinstall --no-deps "
    "--no-cache-dir --no-binary llama-cpp-python llama-cpp-python"
)
"""What helps where the library was built for another machine; pip may have kept that build."""
