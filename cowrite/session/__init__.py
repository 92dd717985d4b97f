"""The service that joins draft, engine and journal. `cli` and `tui` speak to the rooms through it.

`draft.DraftSession` holds the parts, each of which owns what it writes: `Buffer`, `Suggestions`, `Answers`,
`Requests`, `Accepting`, `Pauses`, `DraftFile`, `RecoveryOffer`. What they need of others is in `ports`.
"""
