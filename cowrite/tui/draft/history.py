"""Going back to what was generated at a place before."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from cowrite.core.suggestion import Candidate
from cowrite.errors import CowriteError
from cowrite.tui.draft.feature import Actions, Feature
from cowrite.tui.parts import PartMessage

if TYPE_CHECKING:
    from cowrite.logbook.place_history import Node, Root


class NodeLoaded(PartMessage):
    """A text of a place's history was chosen, and its suggestion read from the log."""

    bubble = False

    def __init__(self, root: Root, node: Node, candidates: tuple[Candidate, ...]) -> None:
        super().__init__()
        self.root, self.node, self.candidates = root, node, candidates


class PlaceHistory(Feature):
    """Steps through the earlier suggestions at the cursor."""

    def actions(self) -> Actions:
        """The table's actions that it does."""
        return {"place-history": self.choose}

    def choose(self) -> None:
        """Choose from all that was ever generated at this place."""
        from cowrite.tui.draft.earlier import EarlierScreen

        screen = EarlierScreen(self.window.store, self.session, self.window.paths)

        def chosen(value: str | None) -> None:
            if value is not None:
                args = (screen.root_place, screen.nodes[int(value)])
                threading.Thread(target=self._load, args=args, name="log-node", daemon=True).start()

        self.window.push_screen(screen, chosen)

    def _load(self, root: Root, node: Node) -> None:
        """Read a suggestion with its tokens, on a thread of its own."""
        from cowrite.logbook.place_history import logged_candidates

        found: tuple[Candidate, ...] = ()
        # Its text is known from the tree: without the log it comes alone, and without tokens.
        with suppress(CowriteError):
            found = logged_candidates(self.window.store, None, node.suggestion_id)
        self.screen.post_message(NodeLoaded(root, node, found))

    def on_node_loaded(self, message: NodeLoaded) -> None:
        """Show the text as a ghost where it belongs."""
        from cowrite.logbook.place_history import earlier, target_of

        session = self.session
        target = target_of(session.document, session.provenance, message.root, message.node)
        if target is None:
            self.window.tell(
                "The draft was changed there in the meantime.", "Ask for its history again."
            )
            return
        again, index = earlier(message.node, target, message.candidates)
        session.requests.revisit(again, index, at=target.at, replaces=target.replaces)
