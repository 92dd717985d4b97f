"""The terminal's side: what it sends, its modes, and its end."""
