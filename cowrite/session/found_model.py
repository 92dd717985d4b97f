"""Which model writes: found, checked, and with what was learned for it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cowrite.config import Settings
from cowrite.config.describing import NEVER
from cowrite.config.loading import stays_here
from cowrite.engine.protocol import EngineOptions, ModelFile, RemoteOptions, RunAhead, Way
from cowrite.paths import Paths, expanded
from cowrite.session.options import engine_options_from

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all while a model is made ready."""


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A model that is on the disk and is what it claims to be, and how its process shall run.

    advice: sampling that the model's card advises. quantisation: how its weights are kept, as its file says.
    trouble: why what was learned is not used, a sentence, or empty.
    """

    file: ModelFile
    options: EngineOptions
    advice: Mapping[str, int | float] = field(default_factory=dict)
    quantisation: str = ""
    trouble: str = ""

    @property
    def remote(self) -> str:
        """Where the draft is sent to be gone on with, as the writer knows it; empty where it stays here."""
        remote = self.options.remote
        if remote is None:
            return ""
        from cowrite.engine.remote.address import address_of

        return address_of(remote.url, plain_http=remote.plain_http).label


def find_engine(
    settings: Settings,
    paths: Paths,
    choice: str | None = None,
    progress: Progress | None = None,
    *,
    draft: Path | None = None,
) -> FoundModel:
    """What writes: the server that is set, else a model on this machine. What is named by `choice` is here.

    draft: what is to be sent, whose project may say never. Raises ModelError.
    """
    sent = choice is None and settings.engine.remote not in ("", NEVER)
    if sent and not (draft is not None and stays_here(draft)):
        return remote_model(settings)
    return find_model(settings, paths, choice, progress)


def remote_model(settings: Settings) -> FoundModel:
    """The server that is set; which model it has, it says itself. Raises ModelError."""
    from cowrite.engine.remote.address import address_of
    from cowrite.engine.remote.secret import given

    wanted = settings.engine
    address = address_of(wanted.remote, plain_http=wanted.remote_plain_http)
    key_file = expanded(wanted.remote_key_file) if wanted.remote_key_file else None
    remote = RemoteOptions(
        url=wanted.remote,
        model=wanted.remote_model,
        key="" if key_file is not None else given(),
        key_file=key_file,
        plain_http=wanted.remote_plain_http,
        suffix=wanted.remote_suffix,
        adapter=wanted.remote_adapter,
    )
    options = EngineOptions(
        context=wanted.context_tokens,
        run_ahead=RunAhead.OFF,
        way=Way.FULL,
        remote=remote,
        command=(sys.executable, "-m", "cowrite.engine.remote.main"),
    )
    return FoundModel(
        ModelFile(f"{wanted.remote_model or 'model'} @ {address.place}", Path()), options
    )


def find_model(
    settings: Settings,
    paths: Paths,
    choice: str | None = None,
    progress: Progress | None = None,
    *,
    learned: bool = True,
) -> FoundModel:
    """The model that `choice` (a name or path; None for the settings' one) means, unpacked and checked.

    learned: with the adapter that was learned for it, where the settings want that. Raises ModelError.
    """
    from cowrite import catalog

    found = catalog.resolve(choice, paths, default=settings.model.name, progress=progress)
    chat = found.card.chat if found.card is not None else None
    own = settings.models.own_template
    file = ModelFile(found.name, found.path, found.sha256, found.base, chat=chat, own_template=own)
    model = LearnedModel(file)
    if learned and settings.learn.use:
        model = with_learned(model.file, paths)
    return FoundModel(
        model.file,
        engine_options_from(settings, paths),
        found.card.sampling if found.card is not None else {},
        found.facts.quantisation,
        model.trouble,
    )


@dataclass(frozen=True, slots=True)
class LearnedModel:
    """A model's file, with the adapter that is in use for it; `trouble` says why there is none."""

    file: ModelFile
    trouble: str = ""


def with_learned(file: ModelFile, paths: Paths) -> LearnedModel:
    """The model with its learned adapter, where there is one that is whole. Never raises."""
    folder = paths.learning / "adapters"
    if file.adapter is not None or not file.sha256 or not folder.exists():
        return LearnedModel(file)
    from cowrite.learning.registry import Registry

    registry = Registry(folder)
    found = registry.in_use(file.sha256)
    if found is None:
        return LearnedModel(file, " ".join(registry.troubles))
    if not registry.check(found):
        number = found.version.number
        said = f"The learned adapter {number} was changed or damaged; the model writes without it."
        return LearnedModel(file, said)
    return LearnedModel(replace(file, adapter=found.path, adapter_sha256=found.version.sha256))
