"""The line in the log for each change of what is in use."""

from __future__ import annotations

import time

from cowrite.core.promotion import Promotion
from cowrite.paths import Paths, private_folder
from cowrite.store import Store


def log_promotion(
    paths: Paths,
    what: str,
    change: tuple[int, int],
    why: str,
    *,
    model: str = "",
    reason: str = "",
    figures: dict[str, float] | None = None,
) -> None:
    """Log that a version came into use: `change` is the one before and the one from now on.

    what, model, why, reason, figures: as in `core.promotion.Promotion`. Raises StoreError, CowriteError.
    """
    private_folder(paths.data)
    now, (was, number) = int(time.time() * 1000), change
    with Store.open(paths.log_file) as store:
        store.promote(Promotion(now, what, model, number, was, why, reason, figures or {}))
