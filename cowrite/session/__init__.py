"""The service that joins draft, engine and journal. `cli` and `tui` speak to the rooms through it.

`editing` holds the writer's hands, `suggesting` adds the ghost, `drafting.DraftSession` adds file and
journal; `logbook` reads what was logged.
"""
