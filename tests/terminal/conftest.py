"""Windows in a real pty."""

from windows import draft, home, window

__all__ = ["draft", "home", "window"]
