"""The player's window: a session as it was written, the events beside it, a bar to move along."""
