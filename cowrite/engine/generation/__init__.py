"""Writing candidates: the prompt, the KV cache, batches of sequences, sampling, healing, and where to stop."""
