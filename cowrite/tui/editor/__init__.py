"""The editor: wrapping, motions, what a row looks like, and the widget that draws them."""
