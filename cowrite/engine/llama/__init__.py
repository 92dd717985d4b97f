"""llama.cpp by its low-level interface. The one package that imports llama_cpp; only the child loads it."""
