"""Every setting, declared once: name, type, default, what is allowed, and what it is for.

The declaration validates what files, the environment and flags say, writes `docs/settings.md`, and
fills the settings screen.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from cowrite.config.editor import EditorSettings
from cowrite.config.grammar import GrammarSettings
from cowrite.config.learn import LearnSettings
from cowrite.core.suggestion import StopAt


class ModelSettings(Struct, frozen=True):
    """Which model writes, and what it is shown."""

    name: Annotated[
        str,
        Meta(
            min_length=1,
            description="A name that `cowrite models list` shows, or the path of a GGUF file.",
        ),
    ] = "gemma-3-270m"
    context: Annotated[
        int,
        Meta(
            ge=0,
            le=1_000_000,
            description="The most characters of the draft before the cursor that the model is shown. "
            "With 0, as many as engine.context_tokens allows.",
        ),
    ] = 0
    head: Annotated[
        str,
        Meta(
            max_length=4000,
            description="Text that the model reads before the draft, such as notes on its style. "
            "It never gets into the draft.",
        ),
    ] = ""


class ModelRoles(Struct, frozen=True):
    """Which model follows instructions, and how it is spoken to."""

    instruct: Annotated[
        str,
        Meta(
            description="The model that follows instructions (rewrite, ask, summarise, translate): a name "
            "that `cowrite models list` shows, or the path of a GGUF file. Empty: the one that writes."
        ),
    ] = ""
    own_template: Annotated[
        bool,
        Meta(
            description="Speak to an instruct model without a card of cowrite's by the chat template in its "
            "own file, which is a program: it is run in a sandbox, in the model's process. No project can "
            "set it. Off, it is spoken to as a base model is, by examples."
        ),
    ] = False


class SuggestionSettings(Struct, frozen=True):
    """What is asked for, and when."""

    count: Annotated[int, Meta(ge=1, le=8, description="Candidates for each request.")] = 3
    max_tokens: Annotated[
        int, Meta(ge=1, le=1024, description="The most tokens of a candidate.")
    ] = 48
    stop: Annotated[StopAt, Meta(description="Where a candidate ends by itself.")] = StopAt.SENTENCE
    preset: Annotated[
        Literal["precise", "balanced", "wild"],
        Meta(description="How bold the choice of words is; [sampling] can change parts of it."),
    ] = "balanced"
    deadline_ms: Annotated[
        int,
        Meta(
            ge=0,
            le=600_000,
            description="Candidates end here though they are not complete. With 0, there is no deadline.",
        ),
    ] = 10_000
    logprobs: Annotated[
        int,
        Meta(ge=0, le=20, description="Alternatives that are kept and logged for each token."),
    ] = 5
    auto: Annotated[
        bool, Meta(description="Ask without being told to, when the writer pauses.")
    ] = False
    auto_pause_ms: Annotated[
        int, Meta(ge=100, le=60_000, description="The pause after which auto asks.")
    ] = 900
    auto_threshold: Annotated[
        float,
        Meta(
            ge=0.0,
            le=1.0,
            description="Auto keeps a candidate to itself where the model is less sure of its words "
            "than this (mean probability of a token). With 0, all are shown.",
        ),
    ] = 0.2
    run_ahead: Annotated[
        Literal["off", "gentle", "eager"],
        Meta(
            description="How much is computed before it is asked for. off: nothing. gentle: the text as "
            "it is typed and, in pauses and with rests, what would be suggested at the cursor, or would "
            "follow the ghost. eager: the same at once and without rests, and for the other candidates too."
        ),
    ] = "gentle"


class SamplingSettings(Struct, frozen=True):
    """How words are chosen. What is not set comes from suggestions.preset."""

    temperature: Annotated[
        Annotated[float, Meta(ge=0.0, le=5.0)] | None,
        Meta(description="Higher is bolder; 0 always takes the likeliest token."),
    ] = None
    top_k: Annotated[
        Annotated[int, Meta(ge=1, le=1000)] | None,
        Meta(description="Only the k likeliest tokens are considered."),
    ] = None
    top_p: Annotated[
        Annotated[float, Meta(gt=0.0, le=1.0)] | None,
        Meta(description="Only the likeliest tokens that together have this probability."),
    ] = None
    min_p: Annotated[
        Annotated[float, Meta(ge=0.0, le=1.0)] | None,
        Meta(description="No token whose probability is below this share of the likeliest one's."),
    ] = None
    dry_multiplier: Annotated[
        Annotated[float, Meta(ge=0.0, le=10.0)] | None,
        Meta(
            description="How strongly repeating a run of words is held back (DRY). With 0, it is not."
        ),
    ] = None
    dry_base: Annotated[
        Annotated[float, Meta(ge=1.0, le=4.0)] | None,
        Meta(description="How fast that grows with the length of the repeated run."),
    ] = None
    dry_allowed_length: Annotated[
        Annotated[int, Meta(ge=1, le=64)] | None,
        Meta(description="Repeated runs up to this many tokens are left alone."),
    ] = None
    repeat_penalty: Annotated[
        Annotated[float, Meta(ge=1.0, le=2.0)] | None,
        Meta(
            description="How strongly every token that was there before is held back. With 1, none is."
        ),
    ] = None
    banned: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...] | None,
        Meta(description="Phrases that no candidate may hold."),
    ] = None


class EngineSettings(Struct, frozen=True):
    """The process that runs the model."""

    threads: Annotated[
        int,
        Meta(
            ge=0,
            le=256,
            description="Threads that the model computes with. With 0, as many as are quickest on this "
            "machine, which is measured once and remembered.",
        ),
    ] = 0
    nice: Annotated[
        int,
        Meta(ge=0, le=19, description="How far the model's process stands back behind others."),
    ] = 5
    context_tokens: Annotated[
        int,
        Meta(
            ge=0,
            le=131_072,
            description="Size of the model's context. With 0, as much as the model has and the free "
            "memory holds.",
        ),
    ] = 0
    kv_cache_mb: Annotated[
        int,
        Meta(
            ge=0,
            le=100_000,
            description="Disk space for what the model has read, so that a draft opens warm. "
            "With 0, nothing is kept.",
        ),
    ] = 512
    kernel: Annotated[
        bool,
        Meta(
            description="Let cowrite multiply for several candidates itself, where it has code for this "
            "processor. Off, llama.cpp does."
        ),
    ] = True
    gpu: Annotated[
        Literal["off", "auto"],
        Meta(
            description="Whether a graphics processor takes part. auto: where llama.cpp was built for this "
            "machine's (Metal, CUDA, Vulkan), as much of the model goes there as its memory holds, if that is "
            "quicker; tried once. off: the processor alone."
        ),
    ] = "auto"
    way: Annotated[
        Literal["auto", "gpu", "full", "no-kernel", "no-buffers", "plain"],
        Meta(
            description="How the model is evaluated. auto: the quickest way that works on this machine, "
            "tried once. The others are for support: on the graphics processor, everything that the "
            "processor has, without cowrite's own products, without "
            "llama.cpp's extra buffers, without both."
        ),
    ] = "auto"
    remote: Annotated[
        str,
        Meta(
            max_length=2000,
            description="The address of a completion server that writes instead of a model on this machine: "
            "the draft is sent there. Such as http://127.0.0.1:8080. Empty: nothing is sent anywhere. "
            "A project's file may say never, which goes before all else, and nothing but that.",
        ),
    ] = ""
    remote_model: Annotated[
        str,
        Meta(max_length=500, description="Which of the server's models. Empty: its first."),
    ] = ""
    remote_key_file: Annotated[
        str,
        Meta(
            description="A file with the server's key, that you alone may read. "
            "$COWRITE_REMOTE_KEY can hold the key too."
        ),
    ] = ""
    remote_adapter: Annotated[
        str,
        Meta(max_length=500, description="An adapter that the server has, by its name there."),
    ] = ""
    remote_suffix: Annotated[
        bool,
        Meta(
            description="Send the server what follows the cursor too, by llama-server's `/infill` or as "
            "`suffix`: for models that were made to fill in the middle."
        ),
    ] = False
    remote_plain_http: Annotated[
        bool,
        Meta(
            description="Allow that the draft goes to another machine unencrypted, by http. "
            "To this machine itself it always may."
        ),
    ] = False


class UiSettings(Struct, frozen=True):
    """The screen around the page."""

    theme: Annotated[
        str,
        Meta(
            min_length=1,
            description="A theme's name; auto takes cowrite's light or dark one, as the terminal is. "
            "A terminal with 16 colours or fewer shows its own instead.",
        ),
    ] = "auto"
    reduced_motion: Annotated[bool, Meta(description="No animation and no blinking.")] = False
    mouse: Annotated[bool, Meta(description="Take the mouse from the terminal.")] = True


class LogSettings(Struct, frozen=True):
    """The feedback log."""

    enabled: Annotated[
        bool,
        Meta(
            description="Keep what was suggested and what became of it. Off, the journal serves "
            "recovery alone."
        ),
    ] = True
    scratch: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        Meta(
            description="Drafts that figures leave out unless they are asked for by name: paths, which may "
            "have * in them. `cowrite log scratch DRAFT` adds one. A draft that is moved stays left out. The "
            "tour is never counted."
        ),
    ] = ()


class Settings(Struct, frozen=True):
    """All settings. A section is a table of `config.toml`."""

    model: ModelSettings = field(default_factory=ModelSettings)
    suggestions: SuggestionSettings = field(default_factory=SuggestionSettings)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    editor: EditorSettings = field(default_factory=EditorSettings)
    grammar: GrammarSettings = field(default_factory=GrammarSettings)
    ui: UiSettings = field(default_factory=UiSettings)
    log: LogSettings = field(default_factory=LogSettings)
    learn: LearnSettings = field(default_factory=LearnSettings)
    models: ModelRoles = field(default_factory=ModelRoles)
    keys: dict[str, str] = field(default_factory=dict)
    """Action -> keys divided by commas; what is not here keeps its own keys."""
    presets: dict[str, str] = field(default_factory=dict)
    """Name -> instruction: the writer's own, beside those of `core.presets`."""
