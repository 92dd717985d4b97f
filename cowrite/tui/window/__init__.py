"""The window's sides, one idea each: drafts, engine, looks, ending. `tui.app` joins them."""
