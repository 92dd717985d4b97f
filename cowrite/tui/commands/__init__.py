"""What a writer can do and the keys for it, and the page of docs/keys.md that is made of it."""
