"""What was generated at a place before, as a tree: behind each text what went on from it."""

from __future__ import annotations

import threading
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static, Tree
from textual.widgets.tree import TreeNode

from cowrite.core.outcome import Closing
from cowrite.core.printable import printable
from cowrite.core.wording import counted
from cowrite.errors import CowriteError
from cowrite.logbook.place_history import Found, Node, Root, read_history, root_at
from cowrite.paths import Paths
from cowrite.session.draft import DraftSession
from cowrite.store import Store
from cowrite.tui.screens.dialogs import Dialog
from cowrite.tui.widgets.status import shortened

NOTHING = "Nothing was suggested at this place before."
_SAID = {
    Closing.TAKEN: "taken",
    Closing.REJECTED: "refused",
    Closing.REGENERATED: "asked again",
    Closing.TYPED: "passed over",
    Closing.MOVED: "passed over",
}
_LABEL, _AROUND = 58, 26
"""Cells of a label at the top, and those of the window's width that are not its; deeper ones get less."""


class HistoryRead(Message):
    """The tree, as far as the log was read; `trouble` says why no further."""

    bubble = False

    def __init__(self, found: Found | None, trouble: str = "") -> None:
        super().__init__()
        self.found, self.trouble = found, trouble


class EarlierScreen(Dialog):
    """Answers with the number of the chosen text in `nodes`."""

    BINDINGS: ClassVar[list[BindingType]] = [("alt+h", "cancel", "Back")]
    gives_way: ClassVar[bool] = True
    DEFAULT_CSS = """
    EarlierScreen > .box { width: 84; height: auto; max-height: 90%; }
    EarlierScreen Tree {
        height: auto; max-height: 40vh; min-height: 1; margin-top: 1; padding: 0; background: $surface;
        overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-color: $foreground 20%;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
    }
    EarlierScreen Tree:focus { background-tint: $foreground 0%; }
    EarlierScreen Tree > .tree--cursor, EarlierScreen Tree:focus > .tree--cursor {
        background: $primary 30%; color: $foreground; text-style: bold;
    }
    EarlierScreen Tree:ansi > .tree--cursor, EarlierScreen Tree:ansi:focus > .tree--cursor {
        background: ansi_default; color: ansi_default; text-style: reverse;
    }
    EarlierScreen Tree > .tree--guides, EarlierScreen Tree > .tree--guides-selected,
    EarlierScreen Tree > .tree--guides-hover { color: $foreground 30%; text-style: none; }
    EarlierScreen Tree > .tree--highlight-line { background: $surface; }
    EarlierScreen .whole { height: auto; max-height: 6; margin-top: 1; }
    EarlierScreen .about { height: 1; color: $foreground 60%; margin-top: 1; }
    EarlierScreen.-tight > .box { max-height: 100%; }
    EarlierScreen.-tight .whole { max-height: 3; margin-top: 0; }
    EarlierScreen.-tight .about, EarlierScreen.-tight Tree { margin-top: 0; }
    """

    def __init__(self, store: Store | None, session: DraftSession, paths: Paths) -> None:
        super().__init__()
        self._store, self._session = store, session
        self._cache = paths.cache / "places.sqlite3"
        self.root_place: Root = root_at(session.document, session.provenance, session.cursor)
        self.nodes: list[Node] = []
        """The texts, in the order of the tree."""
        self._tree: Tree[int] = Tree("", id="history")
        self._whole = Static("", classes="whole", markup=False)
        self._about = Static("Looking in the log …", classes="about", markup=False)
        self._gone = threading.Event()
        self._last: HistoryRead | None = None
        self._stepped = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static("Suggested here before", classes="title", markup=False)
            yield self._tree
            yield self._whole
            yield self._about

    def on_mount(self) -> None:
        self._tree.show_root, self._tree.auto_expand = False, False
        self._tree.guide_depth = 3
        self.set_focus(self._tree)
        threading.Thread(target=self._read, name="log-history", daemon=True).start()

    def on_unmount(self) -> None:
        self._gone.set()

    def _read(self) -> None:
        """Read the log on a thread of its own; what is found is posted."""
        journal = self._session.journal
        if self._store is None or journal is None:
            self.post_message(HistoryRead(Found((), 0, 0)))
            return
        try:
            read_history(
                self._store,
                journal,
                self._session.file.path,
                self.root_place,
                self._cache,
                lambda found: self.post_message(HistoryRead(found)),
                lambda: not self._gone.is_set(),
            )
        except CowriteError as error:
            self.post_message(HistoryRead(None, error.message))

    @on(events.Resize)
    def _fit(self) -> None:
        """Shorten the texts for the room there is now."""
        if self._last is not None:
            self.on_history_read(self._last)

    def on_history_read(self, message: HistoryRead) -> None:
        """Show what was found so far; the highlight stays on its text."""
        self._last = message
        found = message.found
        if found is None:
            self._about.update(printable(message.trouble))
            return
        here = self._highlighted() if self._stepped else None
        wanted = (here.path, here.text) if here is not None else None
        self.nodes = []
        self._tree.clear()
        chosen = self._fill(self._tree.root, found.nodes, 0, wanted)
        self._tree.root.expand()
        self._whole.display = bool(self.nodes)
        if chosen is not None and self._tree.last_line >= 0:  # asked for, the lines are made anew
            self._tree.move_cursor(chosen)
            self.call_after_refresh(self._scroll_to_cursor)
        if not found.done:
            said = f"{counted(found.read, 'session')} of {found.sessions:,} read …"
        elif not self.nodes:
            said = NOTHING
        else:
            said = f"{counted(len(self.nodes), 'text')}   Enter shows it again   Esc back"
        self._about.update(said)

    def _scroll_to_cursor(self) -> None:
        if self._tree.cursor_node is not None:
            self._tree.scroll_to_node(self._tree.cursor_node, animate=False)

    def _fill(
        self,
        branch: TreeNode[int],
        nodes: tuple[Node, ...] | list[Node],
        depth: int,
        wanted: tuple[str, str] | None,
    ) -> TreeNode[int] | None:
        """Put texts below a branch; returns the one to highlight: `wanted`, or the last at the cursor."""
        chosen: TreeNode[int] | None = None
        for node in nodes:
            self.nodes.append(node)
            made = branch.add(
                self._label(node, depth),
                len(self.nodes) - 1,
                expand=True,
                allow_expand=bool(node.children),
            )
            below = self._fill(made, node.children, depth + 1, wanted)
            if wanted is None:
                here = made if node.path == self.root_place.path else None
            else:
                here = made if (node.path, node.text) == wanted else None
            chosen = below or here or chosen
        return chosen

    def _label(self, node: Node, depth: int) -> Text:
        text = printable(node.text.strip().replace("\n", " ⏎ ")) or "⏎"
        room = min(_LABEL, self.app.size.width - _AROUND)
        label = Text(shortened(text, max(16, room - 3 * depth)))
        in_draft = self.root_place.path.startswith(node.whole)
        said = "in the draft" if in_draft else _SAID.get(node.closing, "")  # type: ignore[call-overload]
        if said:
            label.append(f"  {said}", "dim")
        return label

    def _highlighted(self) -> Node | None:
        node = self._tree.cursor_node
        if node is None or node.data is None or node.data >= len(self.nodes):
            return None
        return self.nodes[node.data]

    @on(Tree.NodeHighlighted)
    def _show_whole(self) -> None:
        node = self._highlighted()
        self._whole.update(printable(node.text.strip(), keep="\n") if node is not None else "")

    def on_key(self) -> None:
        """From the first key on, the highlight is the writer's."""
        self._stepped = True

    @on(Tree.NodeSelected)
    def _chosen(self, event: Tree.NodeSelected[int]) -> None:
        if event.node.data is not None:
            self.dismiss(str(event.node.data))
