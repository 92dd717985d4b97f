"""cowrite as a server: the interface of OpenAI's completions, on this machine, for other programs."""
