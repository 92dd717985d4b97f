"""OpenAI's interface for other programs, on this machine: completions, chat, the model's name."""
