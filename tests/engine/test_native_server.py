"""llama.cpp's own llama-server beyond the usual interface: adapters by name, and text between two others."""

from __future__ import annotations

from pathlib import Path

import pytest
from client_rig import RemoteRig
from real_server import real_server
from small_adapter import adapter

from cowrite.core.context import Context
from cowrite.core.suggestion import Params, Sampling, StopAt
from cowrite.engine.protocol import Done, Failed, Loaded

pytestmark = [pytest.mark.model, pytest.mark.slow]

BEFORE = (
    "The ferry left at nine in the morning, and the old man who had rowed it all his life said that"
)
AFTER = " until the bridge was built. Then he sold the boat."
FILLING = ",".join(
    f"tokenizer.ggml.fim_{name}_token_id=int:{token}"
    for name, token in (("pre", 198), ("suf", 198), ("mid", 28))
)
"""Has the small model taken for one that fills in: its marks are line ends, and a comma before the middle."""
GREEDY = Params(n=1, max_tokens=12, seed=1, stop=StopAt.NONE, sampling=Sampling(temperature=0.0))


class Acquainted(RemoteRig):
    """A rig that has got to know the server at `url`."""

    def __init__(self, log: Path, url: str, **more: object) -> None:
        super().__init__(log, url, **more)
        self.client.start()
        self.heard = self.until(lambda m: isinstance(m, Loaded) or _is_fatal(m))

    @property
    def loaded(self) -> Loaded:
        assert isinstance(self.heard, Loaded), self.heard
        return self.heard

    def ask(self, after: str = "", params: Params = GREEDY, *, plain: bool = False) -> Done:
        name = f"r{len(self.messages)}"
        self.client.suggest(name, Context((), BEFORE, after), params, plain=plain)
        return self.done(name)


def _is_fatal(message: object) -> bool:
    return isinstance(message, Failed) and message.fatal


def once(folder: Path, url: str, **more: object) -> str:
    """What is written with these settings."""
    rig = Acquainted(folder / "log", url, **more)
    text = rig.ask().candidates[0].text
    rig.client.close()
    return text


def test_a_learned_adapter_is_used_by_its_name(tmp_path: Path) -> None:
    strong, other = adapter(tmp_path / "my-voice.gguf", 20.0), adapter(tmp_path / "other.gguf", 0.0)
    with real_server("smollm2", tmp_path, "--lora", f"{strong},{other}", native=True) as (
        url,
        _pid,
    ):
        plain = once(tmp_path, url, remote_adapter="other")  # it changes nothing
        rig = Acquainted(tmp_path / "log", url, remote_adapter="my-voice")
        assert rig.loaded.adapter == "my-voice"
        assert rig.ask().candidates[0].text != plain
        assert rig.ask(plain=True).candidates[0].text == plain
        rig.client.close()
        missing = Acquainted(tmp_path / "log", url, remote_adapter="their-voice").heard
        assert isinstance(missing, Failed)
        assert "no adapter 'their-voice'" in missing.message


def test_a_model_that_was_not_made_for_it_says_so_and_is_not_told_what_follows(
    tmp_path: Path,
) -> None:
    with real_server("smollm2", tmp_path, native=True) as (url, _pid):
        rig = Acquainted(tmp_path / "log", url, remote_suffix=True)
        assert not rig.loaded.fim
        assert rig.loaded.logprobs
        done = rig.ask(AFTER)
        assert done.candidates[0].text
        assert done.prompt_tokens == rig.ask().prompt_tokens
        rig.client.close()


def test_a_model_that_fills_in_is_shown_what_follows(tmp_path: Path) -> None:
    with real_server("smollm2", tmp_path, "--override-kv", FILLING, native=True) as (url, _pid):
        rig = Acquainted(tmp_path / "log", url, remote_suffix=True)
        assert rig.loaded.fim
        without, with_after = rig.ask(), rig.ask(AFTER)
        assert with_after.prompt_tokens > without.prompt_tokens + 3
        assert with_after.candidates[0].text != without.candidates[0].text
        params = Params(n=3, max_tokens=12, seed=4, stop=StopAt.NONE, logprobs=2)
        done = rig.ask(AFTER, params)
        written = [candidate for candidate in done.candidates if candidate.text]
        assert written
        for candidate in written:
            assert candidate.mean_logprob is not None
            assert all(token.alternatives for token in candidate.tokens)
        assert rig.ask(AFTER, params).cached_tokens > 0
        rig.client.close()
