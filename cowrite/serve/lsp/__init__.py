"""cowrite in other editors, by the language server protocol; the only importer of pygls."""
