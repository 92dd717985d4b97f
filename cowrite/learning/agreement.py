"""Whether llama.cpp gives with an adapter what torch gave: `python -m cowrite.learning.agreement JOB.npz WAY`.

Before an adapter is used, a few hundred tokens are evaluated by both. The file holds `tokens` (sequences,
length), `places` (places in a sequence whose logits are compared), `rows` (the vocabulary's rows that were
kept) and `logits` (sequences, places, rows); `paths` names the model and the adapter, as JSON. A process of
its own, since llama.cpp may end it (on processors whose instructions it gets wrong), and without torch.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cowrite.engine.protocol import Way

CONTEXT = 512

MOST = 0.05
"""Nats between the two distributions, in the mean, that the roundings of quantised products can't explain. Seen
were 0.001 to 0.005."""


def difference(file: Path, way: Way) -> float:
    """Mean Kullback-Leibler divergence of torch's distributions from llama.cpp's, in nats. Raises LoadError."""
    from cowrite.engine.host.resources import usable_cores
    from cowrite.engine.llama.model import LlamaModel

    with np.load(file, allow_pickle=False) as given:
        paths = json.loads(given["paths"].tobytes())
        tokens, places, rows, logits = (
            given[name] for name in ("tokens", "places", "rows", "logits")
        )
    llama = LlamaModel(Path(paths["model"]), extra_buffers=way.extra_buffers)
    try:
        llama.open(CONTEXT, usable_cores(), kernel=way.kernel)
        llama.set_adapter(Path(paths["adapter"]))
        found = []
        for sequence, theirs in zip(tokens, logits, strict=True):
            llama.forget(0, 0)
            wanted = np.isin(np.arange(len(sequence)), places)
            count = len(sequence)
            llama.decode(sequence.tolist(), range(count), [0] * count, wanted.tolist())
            ours = np.stack([llama.row(int(place))[rows] for place in places])
            found.append(_divergence(_logs(ours), _logs(theirs)))
        return float(np.mean(found))
    finally:
        llama.close()


def _logs(logits: NDArray[Any]) -> NDArray[np.float64]:
    wide = logits.astype(np.float64)
    wide -= wide.max(axis=-1, keepdims=True)
    out: NDArray[np.float64] = wide - np.log(np.exp(wide).sum(axis=-1, keepdims=True))
    return out


def _divergence(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    return float((np.exp(ours) * (ours - theirs)).sum(axis=-1).mean())


def main() -> None:
    """Print the difference as a line of JSON."""
    value = difference(Path(sys.argv[1]), Way(sys.argv[2]))
    sys.stdout.write(json.dumps({"difference": value}) + "\n")


if __name__ == "__main__":
    main()
