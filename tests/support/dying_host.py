"""The real model process, but it dies where some ways evaluate: what a processor does that can't.

`dying_command({"full": "SIGILL"})` for `EngineOptions.command`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from cowrite.engine.llama.model import LlamaModel


def dying_command(dies: dict[str, str]) -> tuple[str, ...]:
    """dies: for a way, the signal of its first evaluation."""
    return (sys.executable, str(Path(__file__).resolve()), json.dumps(dies))


def _arm(dies: dict[str, str]) -> None:
    from cowrite.engine.host import loading
    from cowrite.engine.protocol import Load

    opened = loading._open
    decode = LlamaModel.decode
    chosen: list[str] = []

    def noted(message: Load, alive: object) -> object:
        chosen[:] = [message.way]
        return opened(message, alive)  # type: ignore[arg-type]

    def deadly(self: LlamaModel, *rest: object) -> object:
        if chosen[0] in dies:
            os.kill(os.getpid(), getattr(signal, dies[chosen[0]]))
        return decode(self, *rest)  # type: ignore[arg-type]

    loading._open = noted  # type: ignore[assignment]
    LlamaModel.decode = deadly  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    from cowrite.engine.host.main import main

    _arm(json.loads(sys.argv[1]))
    main()
