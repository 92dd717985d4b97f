"""Text after the cursor for models that fill in, and LoRA adapters, on llama.cpp itself."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest
from real_models import model_file
from small_adapter import adapter

from cowrite.core.context import Context
from cowrite.core.suggestion import Params, Sampling, StopAt
from cowrite.engine.client import EngineClient, EngineOptions, ModelFile
from cowrite.engine.generation.prompt import Tokenizer, build_prompt
from cowrite.engine.protocol import Done, Failed, HostMessage, Loaded

RENAMED = {
    b"<jupyter_text>": b"<|fim_prefix|>",
    b"<jupyter_code>": b"<|fim_suffix|>",
    b"<empty_output>": b"<|fim_middle|>",
}
"""Three of the small model's tokens that prose never uses, renamed to what llama.cpp looks for."""

BEFORE = (
    "The ferry left at nine in the morning, and the old man who had rowed it all his life said that"
)
AFTER = " until the bridge was built. Then he sold the boat."
GREEDY = Params(n=1, max_tokens=12, seed=1, stop=StopAt.NONE, sampling=Sampling(temperature=0.0))


def ask(model: ModelFile, contexts: list[Context], folder: Path) -> tuple[Loaded, list[Done]]:
    """Load the model in a process of its own and ask it once for each context."""
    inbox: queue.SimpleQueue[HostMessage] = queue.SimpleQueue()
    options = EngineOptions(context=1024, threads=2, cache_folder=folder / "cache")
    client = EngineClient(model, options, inbox.put, folder / "engine.log")
    client.start()
    loaded, answers = None, []
    try:
        while loaded is None or len(answers) < len(contexts):
            message = inbox.get(timeout=120)
            assert not isinstance(message, Failed), message
            if isinstance(message, Loaded):
                loaded = message
            elif isinstance(message, Done):
                answers.append(message)
            else:
                continue
            if len(answers) < len(contexts):
                client.suggest(f"r{len(answers)}", contexts[len(answers)], GREEDY)
    finally:
        client.close(10)
    return loaded, answers


@pytest.fixture(scope="module")
def filling(tmp_path_factory: pytest.TempPathFactory) -> ModelFile:
    data = model_file("cut smollm2").path.read_bytes()
    for old, new in RENAMED.items():
        assert data.count(old) == 1
        data = data.replace(old, new)
    path = tmp_path_factory.mktemp("models") / "filling.gguf"
    path.write_bytes(data)
    return ModelFile("filling", path)


@pytest.mark.model
def test_a_model_that_fills_in_is_shown_what_follows(filling: ModelFile, tmp_path: Path):
    contexts = [Context((), BEFORE, AFTER), Context((), BEFORE, ""), Context((), BEFORE, AFTER)]
    loaded, (with_after, without, again) = ask(filling, contexts, tmp_path)
    assert loaded.fim
    assert with_after.prompt_tokens > without.prompt_tokens + 3
    assert with_after.candidates[0].text != without.candidates[0].text
    assert again.candidates[0].text == with_after.candidates[0].text


@pytest.mark.model
def test_prefix_suffix_and_middle_stand_in_this_order(filling: ModelFile):
    from cowrite.engine.llama.model import LlamaModel

    llama = LlamaModel(filling.path)
    try:
        llama.open(512, 2)
        fim = llama.facts.fim
        assert fim is not None
        prompt = build_prompt(
            Context((), BEFORE, AFTER), Tokenizer(llama), llama, 400, healing=True
        ).tokens
        first, second = prompt.index(fim[0]), prompt.index(fim[1])
        assert b"".join(map(llama.piece, prompt[first + 1 : second])).decode() == BEFORE
        assert b"".join(map(llama.piece, prompt[second + 1 : -1])).decode() == AFTER
        assert prompt[-1] == fim[2]
        short = build_prompt(
            Context((), BEFORE * 9, AFTER * 9), Tokenizer(llama), llama, 64, healing=True
        ).tokens
        assert len(short) <= 64
        assert fim[2] == short[-1]
    finally:
        llama.close()


@pytest.mark.model
def test_an_adapter_changes_what_is_written(tmp_path: Path):
    plain = model_file("cut smollm2")
    texts = {}
    for name, scale in (("none", None), ("zero", 0.0), ("strong", 20.0)):
        file = None if scale is None else adapter(tmp_path / f"{name}.gguf", scale)
        model = ModelFile(plain.name, plain.path, plain.sha256, plain.base, file)
        loaded, (done,) = ask(model, [Context((), BEFORE, "")], tmp_path)
        assert loaded.adapter == (None if file is None else str(file))
        texts[name] = done.candidates[0].text
    assert texts["none"] == texts["zero"] != texts["strong"]
