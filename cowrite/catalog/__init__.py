"""Which models exist, where they are, and whether they are what they claim to be."""

from cowrite.catalog.adding import add, remove
from cowrite.catalog.cards import Card, broken, cards
from cowrite.catalog.facts import GgufFacts
from cowrite.catalog.fitness import check_fit
from cowrite.catalog.gguf import read_facts
from cowrite.catalog.identity import Progress, Stamp, examine, identify
from cowrite.catalog.joining import file_of, missing_parts
from cowrite.catalog.memory import Estimate, estimate, free_memory
from cowrite.catalog.resolving import (
    ModelState,
    ResolvedModel,
    UnknownModelError,
    check_choice,
    find_card,
    is_path,
    knows_architecture,
    ready,
    resolve,
    state_of,
    verify,
)

__all__ = [
    "Card",
    "Estimate",
    "GgufFacts",
    "ModelState",
    "Progress",
    "ResolvedModel",
    "Stamp",
    "UnknownModelError",
    "add",
    "broken",
    "cards",
    "check_choice",
    "check_fit",
    "estimate",
    "examine",
    "file_of",
    "find_card",
    "free_memory",
    "identify",
    "is_path",
    "knows_architecture",
    "missing_parts",
    "read_facts",
    "ready",
    "remove",
    "resolve",
    "state_of",
    "verify",
]
