"""cowrite for other programs, each by the protocol that it speaks."""
