"""Books: a project's chapters as one file for readers and editors, and other programs' books as chapters."""
