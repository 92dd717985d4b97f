"""A project's memory: what a model is shown of a story besides the draft."""
