"""Measuring the engine: against llama-cpp-python's own interface, a bare loop, and a llama-server."""
