"""What cowrite learns from its writer: corpus, passages, adapters, order of candidates, and the gate."""
