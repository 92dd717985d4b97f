"""llama.cpp by its low-level interface. The one package that imports llama_cpp; only the child loads it."""

from cowrite.engine.llama.model import LlamaModel

__all__ = ["LlamaModel"]
