"""The other side of the benchmark: llama-cpp-python's own interface and a bare loop, in a process of their own.

`python -m cowrite.engine.llama.baseline MODEL CONTEXT THREADS BATCH_THREADS EXTRA_BUFFERS` (the last 0 or 1);
one JSON object a line in, one out:
`{"do": "complete", "prompt": ..., "tokens": 24, "calls": 3}` answers `{"first": s, "one": s, "all": s}`,
`{"do": "bare", "prompt": ..., "tokens": 64}` answers `{"seconds": s, "tokens": 64}`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

SAMPLING = {"top_k": 40, "min_p": 0.05, "top_p": 1.0, "temperature": 0.8, "repeat_penalty": 1.0}
"""The same as the engine's preset `balanced`, but for DRY, which that interface does not have."""


def complete(llama: Any, prompt: str, tokens: int, calls: int) -> dict[str, float]:
    """Seconds to the first text, to the end of the first call, and of all calls made in turn."""
    began = time.perf_counter()
    first = one = 0.0
    for call in range(calls):
        for chunk in llama.create_completion(
            prompt, max_tokens=tokens, stream=True, seed=call + 1, **SAMPLING
        ):
            if not first and chunk["choices"][0]["text"]:
                first = time.perf_counter() - began
        one = one or time.perf_counter() - began
    return {"first": first, "one": one, "all": time.perf_counter() - began}


def bare(llama: Any, prompt: str, tokens: int) -> dict[str, float]:
    """Seconds for `tokens` calls of llama_decode in a row behind the prompt, and nothing else."""
    import llama_cpp

    ids = llama.tokenize(prompt.encode())
    llama.reset()
    llama.eval(ids)
    batch = llama_cpp.llama_batch_init(1, 0, 1)
    batch.n_tokens = 1
    batch.n_seq_id[0] = 1
    batch.seq_id[0][0] = 0
    batch.logits[0] = 1
    began = time.perf_counter()
    for step in range(tokens):
        batch.token[0] = ids[100 + step]
        batch.pos[0] = len(ids) + step
        if llama_cpp.llama_decode(llama.ctx, batch):
            raise RuntimeError("llama_decode failed")
        llama_cpp.llama_synchronize(llama.ctx)
    seconds = time.perf_counter() - began
    llama_cpp.llama_batch_free(batch)
    memory = llama_cpp.llama_get_memory(llama.ctx)
    llama_cpp.llama_memory_seq_rm(memory, 0, len(ids), -1)
    return {"seconds": seconds, "tokens": tokens}


def without_extra_buffers() -> None:
    """Have the interface load models as the engine does where extra buffers don't work: it has no option."""
    import llama_cpp.llama_cpp as low_level

    defaults = low_level.llama_model_default_params

    def plain() -> Any:
        parameters = defaults()
        parameters.use_extra_bufts = False
        return parameters

    low_level.llama_model_default_params = plain


def main() -> None:
    """Load the model and answer until the input ends."""
    path = sys.argv[1]
    context, threads, batch_threads, extra_buffers = (int(word) for word in sys.argv[2:6])
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from llama_cpp import Llama

    if not extra_buffers:
        without_extra_buffers()
    llama = Llama(
        path, n_ctx=context, n_threads=threads, n_threads_batch=batch_threads, verbose=False
    )
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        if job["do"] == "complete":
            result = complete(llama, job["prompt"], job["tokens"], job["calls"])
        else:
            result = bare(llama, job["prompt"], job["tokens"])
        print(json.dumps(result), file=out, flush=True)
    llama.close()


if __name__ == "__main__":
    main()
