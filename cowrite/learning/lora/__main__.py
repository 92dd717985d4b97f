"""The training process: `python -m cowrite.learning.lora JOB.json`. It says on its output what it does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "GOMP_SPINCOUNT": "2000"}
"""Nothing is asked of a network; and a thread that waits sleeps soon (engine.process says why)."""


def main() -> int:
    """Do the job. The exit code is 0 where it ended as it should, a stop among that."""
    os.environ.update({**OFFLINE, **{k: os.environ[k] for k in OFFLINE if k in os.environ}})
    os.umask(0o077)
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    import msgspec

    from cowrite.errors import CowriteError
    from cowrite.learning.job import Failed, Said, encode, read_job

    def say(message: Said) -> None:
        try:
            sink.write(encode(message))
            sink.flush()
        except BrokenPipeError:
            os._exit(1)

    try:
        job = read_job(Path(sys.argv[1]))
    except (OSError, IndexError, msgspec.MsgspecError) as error:
        say(Failed(f"The training was asked nonsense: {error}."))
        return 1
    with suppress(OSError):
        os.nice(job.nice)
    try:
        return _train(job, say)
    except CowriteError as error:
        say(Failed(error.message, error.hint))
    except ImportError as error:
        say(Failed(f"Training needs more than is installed: {error}.", EXTRA))
    except MemoryError:
        say(Failed("Training ran out of memory.", "Close other programs and try again."))
    except OSError as error:
        say(Failed(f"Training could not write: {error.strerror or error}.", "Free some space."))
    except (ArithmeticError, RuntimeError) as error:
        say(Failed(f"Training failed: {str(error).splitlines()[0] if str(error) else error!r}."))
    return 1


EXTRA = "Install it with `pip install 'cowrite[learn]'`."


def _train(job: object, say: Callable[..., None]) -> int:
    from cowrite.learning.job import Job
    from cowrite.learning.lora.training import run

    assert isinstance(job, Job)
    return run(job, say)


if __name__ == "__main__":
    sys.exit(main())
