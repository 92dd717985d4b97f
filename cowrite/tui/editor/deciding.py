"""What the editor does with a rewrite that stands in the draft."""

from __future__ import annotations

from cowrite.tui.editor.editing import EditingPage


class DecidingPage(EditingPage):
    """A page on which changes are walked, taken and refused."""

    def action_take_hunk(self) -> None:
        """Take the change at the cursor."""
        self.session.deciding.take()

    def action_refuse_hunk(self) -> None:
        """Refuse the change at the cursor."""
        self.session.deciding.refuse()

    def action_next_hunk(self) -> None:
        """Go to the next change."""
        self.session.deciding.go(1)

    def action_previous_hunk(self) -> None:
        """Go to the change before."""
        self.session.deciding.go(-1)

    def action_take_all_hunks(self) -> None:
        """Take all changes that are left."""
        self.session.deciding.take_all()

    def action_refuse_all_hunks(self) -> None:
        """Refuse all changes that are left."""
        self.session.deciding.refuse_all()

    def action_next_try(self) -> None:
        """Show the next candidate."""
        self.session.instructions.cycle(1)

    def action_previous_try(self) -> None:
        """Show the candidate before."""
        self.session.instructions.cycle(-1)

    def action_try_again(self) -> None:
        """Have the same done once more."""
        self.session.instructions.again()

    def action_to_rewrite(self) -> None:
        """Go back to the rewrite that stands in the draft."""
        if not self.session.deciding.come_back():
            self.session.listener.notice("No rewrite stands in the draft")
