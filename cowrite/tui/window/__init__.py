"""The window's parts, each with its own state: drafts, engine, settings, appearance, keys, spelling, shutdown.

`tui.app` holds them.
"""
