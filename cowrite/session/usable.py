"""What the start would refuse of a setting, refused when it is set: what no declaration can know.

Themes and keys are the window's, which checks them itself.
"""

from __future__ import annotations

from cowrite.config import Settings
from cowrite.config.describing import KEY_FILE, NEVER, REMOTE
from cowrite.paths import Paths, expanded

_ADDRESS = (REMOTE, "engine.remote_plain_http")
"""The settings that say together where drafts are sent, and whether they may be."""

CHECKED = ("model.name", "models.instruct", KEY_FILE, *_ADDRESS)


def check_usable(key: str, settings: Settings, paths: Paths) -> None:
    """Refuse what `key` (`section.name`) is in these settings, where nothing could begin with it.

    Raises CowriteError with the sentence that the start would have.
    """
    if key in ("model.name", "models.instruct"):
        from cowrite.catalog import check_choice

        choice = settings.model.name if key == "model.name" else settings.models.instruct
        if choice or key == "model.name":
            check_choice(choice, paths)
    wanted = settings.engine
    sent = wanted.remote not in ("", NEVER)
    if key in _ADDRESS and sent:
        from cowrite.engine.remote.address import address_of

        address_of(wanted.remote, plain_http=wanted.remote_plain_http)
    if wanted.remote_key_file and (key == KEY_FILE or (key == REMOTE and sent)):
        from cowrite.engine.remote.secret import key_in

        key_in(expanded(wanted.remote_key_file))
