"""The log: SQLite, an append-only journal of every session, and what a draft needs to know from it."""

from cowrite.store.journal import Journal
from cowrite.store.purge import Purged
from cowrite.store.reader import LogReader
from cowrite.store.recovery import Recent, Recovery
from cowrite.store.stats import LogStats
from cowrite.store.store import Store

__all__ = ["Journal", "LogReader", "LogStats", "Purged", "Recent", "Recovery", "Store"]
