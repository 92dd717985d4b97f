"""The state of an unfinished training on the disk: all that the next step depends on."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cowrite.paths import open_private

VERSION = 1


@dataclass(slots=True)
class Tally:
    """What was done so far. tokens: of the writer's text. seconds: of training, pauses left out."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    peak_memory: int = 0
    losses: list[float] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)


def save(
    path: Path, identity: str, tally: Tally, values: list[torch.Tensor], adam: torch.optim.Adam
) -> None:
    """Keep the state in place of the one before. Raises OSError where it can't be written."""
    arrays: dict[str, Any] = {}
    for number, value in enumerate(values):
        arrays[f"value{number}"] = value.detach().numpy()
        for key in _MOMENTS:
            arrays[f"{key}{number}"] = adam.state[value][key].numpy()
    head = {"version": VERSION, "identity": identity, "tally": asdict(tally)}
    draft = path.with_suffix(".new")
    with os.fdopen(open_private(draft), "wb") as file:
        np.savez(file, head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8), **arrays)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def load(
    path: Path, identity: str, values: list[torch.Tensor], adam: torch.optim.Adam
) -> Tally | None:
    """Put a kept state in place; None, and nothing changed, where there is none of this training."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            head = json.loads(kept["head"].tobytes())
            if head["version"] != VERSION or head["identity"] != identity:
                return None
            arrays = {name: kept[name] for name in kept.files if name != "head"}
        tally = Tally(**head["tally"])
        found = [
            [torch.from_numpy(arrays[f"{key}{number}"]) for key in ("value", *_MOMENTS)]
            for number in range(len(values))
        ]
        if any(one[0].shape != value.shape for one, value in zip(found, values, strict=True)):
            return None
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None
    for value, (kept_value, first, second) in zip(values, found, strict=True):
        with torch.no_grad():
            value.copy_(kept_value)
        step = torch.tensor(float(tally.step))
        adam.state[value] = {"step": step, "exp_avg": first, "exp_avg_sq": second}
    return tally


_MOMENTS = ("exp_avg", "exp_avg_sq")
