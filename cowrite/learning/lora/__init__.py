"""Training of an adapter, in a process of its own: the one package that imports torch and its kin."""
