"""Which model the engine runs, and how: what the first message to the model process says."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from cowrite.core.chat_format import ChatFormat


class RunAhead(StrEnum):
    """How much the engine may compute before it is asked.

    off: nothing. gentle: the text as it is typed; in pauses, with rests, the answer to a request at the cursor,
    or to the one that follows the ghost. eager: the same without rests, and for the other candidates too.
    """

    OFF = "off"
    GENTLE = "gentle"
    EAGER = "eager"


class Way(StrEnum):
    """How the model is evaluated: what of the quickest way is left out, since it ends the process here.

    gpu: layers on a graphics processor, for which llama.cpp was built; cowrite's own products stay out of it.
    full: everything that the processor has. no-kernel: without cowrite's own products.
    no-buffers: without the buffers in which llama.cpp keeps weights in an order of its own, for AMX among
    others. plain: without both.
    """

    GPU = "gpu"
    FULL = "full"
    NO_KERNEL = "no-kernel"
    NO_BUFFERS = "no-buffers"
    PLAIN = "plain"

    @property
    def gpu(self) -> bool:
        """Whether a graphics processor has part in it."""
        return self is Way.GPU

    @property
    def kernel(self) -> bool:
        """Whether products of weights may be made by cowrite's own kernel."""
        return self in (Way.FULL, Way.NO_BUFFERS)

    @property
    def extra_buffers(self) -> bool:
        """Whether llama.cpp may use extra buffers (`use_extra_bufts` of llama.h's model parameters)."""
        return self in (Way.GPU, Way.FULL, Way.NO_KERNEL)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """The model to load. `sha256` names its states on disk; `base` is false for an instruct model.

    adapter: a file with a LoRA adapter for it; adapter_sha256: of that file, empty where not known yet.
    chat: how it wants to be spoken to, as its card says. own_template: use the file's own chat template, where
    the card says nothing.
    """

    name: str
    path: Path
    sha256: str = ""
    base: bool = True
    adapter: Path | None = None
    adapter_sha256: str = ""
    chat: ChatFormat | None = None
    own_template: bool = False


@dataclass(frozen=True, slots=True)
class RemoteOptions:
    """A server that writes in the place of a model on this machine: see `engine.remote`.

    url: where it is. model: which of its models, empty for the first. key: where it wants one; key_file: where
    that is. plain_http: it may be spoken to unencrypted. suffix: what follows the position is sent too.
    """

    url: str
    model: str = ""
    key: str = field(default="", repr=False)
    key_file: Path | None = None
    plain_http: bool = False
    suffix: bool = False
    adapter: str = ""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How the engine runs on this machine.

    threads: 0 for what a calibration finds best. context: tokens, 0 for what free memory allows.
    nice: added to the process's niceness, so that the UI keeps its share.
    kv_folder: where states are kept between sessions, at most `kv_bytes` of them; None keeps none.
    cache_folder: where the calibration is remembered; None calibrates without remembering.
    hang_seconds: a busy host that says nothing for so long is killed.
    kernel: whether products of weights may be made by our own kernel, where it fits and is quicker.

    gpu: whether a graphics processor may have part in it.
    way: the one way to evaluate; None for the first one that works on this machine.
    together: how many candidates are written at once of requests that are answered beside one another; 0 where
    there are none. remote: the server that writes instead. command: what to run instead of the real host.
    """

    threads: int = 0
    context: int = 0
    nice: int = 5
    run_ahead: RunAhead = RunAhead.GENTLE
    healing: bool = True
    kv_folder: Path | None = None
    kv_bytes: int = 512 * 1024 * 1024
    cache_folder: Path | None = None
    hang_seconds: float = 30.0
    kernel: bool = True
    gpu: bool = False
    way: Way | None = None
    together: int = 0
    remote: RemoteOptions | None = None
    command: tuple[str, ...] | None = None
