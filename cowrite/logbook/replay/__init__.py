"""Playing a logged session again, without a terminal: the draft, the ghost and the events at any moment."""
