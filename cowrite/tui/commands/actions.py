"""What a writer can do, and the keys for it: the one table behind the editor, the footer, the palette,
the help screen, `docs/keys.md` and remapping.

An action's method is `action_` and its id with underscores, on the editor or on the app (`home`). Key names are
Textual's, except that ctrl+space has one name here however the terminal sends it.
"""

from __future__ import annotations

from collections.abc import Iterable

from cowrite.tui.commands.action import Action, Group, Home, When
from cowrite.tui.commands.motions import MOTIONS


def _suggest(name: str, keys: str, title: str, help_line: str, when: When = When.GHOST) -> Action:
    return Action(name, title, help_line, tuple(keys.split()), Group.SUGGEST, when=when)


def _app(
    name: str, keys: str, title: str, help_line: str, group: Group, when: When = When.ALWAYS
) -> Action:
    return Action(name, title, help_line, tuple(keys.split()), group, Home.APP, when)


def _edit(
    name: str, keys: str, title: str, help_line: str = "", when: When = When.ALWAYS
) -> Action:
    return Action(name, title, help_line or title, tuple(keys.split()), Group.EDIT, when=when)


def _diff(name: str, keys: str, title: str, help_line: str) -> Action:
    return Action(name, title, help_line, tuple(keys.split()), Group.INSTRUCT, when=When.DIFF)


def _motions() -> Iterable[Action]:
    for name, move, _, where in MOTIONS:
        when = When.NO_GHOST if name == "word-right" else When.ALWAYS
        title = f"Move {where}"
        yield Action(f"move-{name}", title, title, tuple(move.split()), Group.MOVE, when=when)
    for name, _, select, where in MOTIONS:
        title = f"Select {where}"
        yield Action(f"select-{name}", title, title, tuple(select.split()), Group.SELECT)


NUMBERED = {1: "first", 2: "second", 3: "third"}
"""The candidates with a key of their own, which takes them whole."""


def _numbered() -> Iterable[Action]:
    for number, name in NUMBERED.items():
        title, said = name.capitalize(), f"Take the {name} candidate, whole"
        yield _app(f"take-{number}", f"alt+{number}", title, said, Group.SUGGEST, When.GHOST)


ACTIONS: tuple[Action, ...] = (
    _suggest(
        "ask", "ctrl+space f2", "Suggest", "Ask for a suggestion, or again for another", When.ALWAYS
    ),
    _suggest("accept", "tab f8", "Accept", "Take the whole suggestion"),
    _suggest("accept-word", "ctrl+right ctrl+t", "Word", "Take the next word of the suggestion"),
    _suggest(
        "accept-sentence", "ctrl+l f9", "Sentence", "Take the next sentence of the suggestion"
    ),
    _suggest(
        "accept-paragraph",
        "alt+l shift+f9",
        "Paragraph",
        "Take the next paragraph of the suggestion",
    ),
    _suggest("next-candidate", "ctrl+n f3", "Next", "Show the next candidate"),
    _suggest(
        "previous-candidate",
        "shift+tab shift+f3",
        "Previous",
        "Show the candidate before",
    ),
    *_numbered(),
    _suggest("reject", "escape ctrl+r", "Reject", "Refuse the suggestion"),
    _app(
        "edit-ghost",
        "f4",
        "Edit",
        "Change the suggestion before accepting it",
        Group.SUGGEST,
        When.GHOST,
    ),
    _app(
        "toggle-auto", "f10 alt+g", "Auto-suggest", "Suggest by itself after a pause", Group.SUGGEST
    ),
    _app(
        "toggle-candidates",
        "f5 alt+c",
        "Candidates",
        "Show all candidates side by side",
        Group.SUGGEST,
    ),
    _app(
        "toggle-tokens", "alt+t", "Tokens", "Colour words by how sure the model was", Group.SUGGEST
    ),
    _app(
        "place-history", "alt+h", "Earlier", "Step through earlier suggestions here", Group.SUGGEST
    ),
    _app(
        "compare-learned",
        "alt+v",
        "Compare",
        "Ask here with what was learned and without it, side by side",
        Group.SUGGEST,
    ),
    _app(
        "model-sees",
        "alt+comma",
        "What the model sees",
        "Show all that the model is shown here, and why",
        Group.SUGGEST,
    ),
    _app(
        "weigh",
        "alt+full_stop",
        "Weigh",
        "Shade the sentences that counted for the suggestion",
        Group.SUGGEST,
    ),
    _app(
        "say-why",
        "alt+slash",
        "Why",
        "Say why: of what was refused, or of accepted text at the cursor",
        Group.SUGGEST,
    ),
    _app(
        "instruct",
        "ctrl+k shift+f8",
        "Instruct",
        "Say what shall be done with the selection, or the sentence at the cursor",
        Group.INSTRUCT,
    ),
    _app(
        "ask-question",
        "alt+q",
        "Ask",
        "Ask about the draft: a question, a summary, other words",
        Group.INSTRUCT,
    ),
    _diff("take-hunk", "tab f8", "Take", "Take this change, and go to the next"),
    _diff("refuse-hunk", "ctrl+r f9", "Refuse", "Refuse this change, and go to the next"),
    _diff("next-hunk", "ctrl+down f6", "Next", "Go to the next change"),
    _diff("previous-hunk", "ctrl+up f7", "Previous", "Go to the change before"),
    _diff("take-all-hunks", "enter shift+f9", "Take all", "Take all changes that are left"),
    _diff("refuse-all-hunks", "escape f4", "Refuse all", "Refuse all changes that are left"),
    _diff("next-try", "ctrl+n f3", "Other", "Show the next candidate of the rewrite"),
    _diff("previous-try", "shift+tab shift+f3", "Other before", "Show the candidate before"),
    _diff("try-again", "ctrl+space f2", "Again", "Have the same done once more"),
    Action(
        "to-rewrite",
        "To the rewrite",
        "Go back to the rewrite that stands in the draft",
        ("alt+4",),
        Group.INSTRUCT,
    ),
    _app("save", "ctrl+s shift+f2", "Save", "Save the draft", Group.DRAFT),
    _app("save-as", "alt+s", "Save as", "Save the draft under another name", Group.DRAFT),
    _app("open", "ctrl+o", "Open", "Open another draft", Group.DRAFT),
    _app("find", "ctrl+f shift+f5", "Find", "Find in the draft", Group.DRAFT),
    _app("replace", "alt+r", "Replace", "Find and replace", Group.DRAFT),
    _app("outline", "ctrl+g", "Headings", "Go to a heading", Group.DRAFT),
    _app(
        "correct",
        "alt+e",
        "Correct",
        "See what a misspelled word, or what is wrong by the grammar, may be",
        Group.DRAFT,
    ),
    _app(
        "next-misspelling",
        "alt+n",
        "Misspelling",
        "Go to the next misspelling, or problem of grammar",
        Group.DRAFT,
    ),
    _app(
        "previous-misspelling",
        "alt+u",
        "Misspelling before",
        "Go to the misspelling, or problem of grammar, before",
        Group.DRAFT,
    ),
    _app(
        "rule-off",
        "alt+minus",
        "Rule off",
        "Leave the grammar rule alone that marks the place at the cursor",
        Group.DRAFT,
    ),
    _app(
        "proofread",
        "alt+equals_sign",
        "Proofread",
        "List repeated words, long sentences, slips of tense and names",
        Group.DRAFT,
    ),
    _app(
        "jump-lore",
        "alt+m",
        "Lore",
        "From a name to its entry of lore, or from an entry back",
        Group.DRAFT,
    ),
    _app("learn-word", "alt+k", "Learn", "Add the word to the dictionary", Group.DRAFT),
    _app(
        "quit",
        "ctrl+q shift+f4",
        "Quit",
        "Leave cowrite; asks where the draft is not saved",
        Group.DRAFT,
    ),
    _app("help", "f1", "Help", "Show all keys", Group.VIEW),
    _app("palette", "ctrl+p shift+f1", "Palette", "Find any command by its name", Group.VIEW),
    _app("settings", "alt+p", "Settings", "Change how cowrite works", Group.VIEW),
    _app("learning", "alt+j", "Learning", "What was learned from you, and its switch", Group.VIEW),
    _app("toggle-focus", "f11", "Focus", "Dim all but what is being written", Group.VIEW),
    _app(
        "toggle-typewriter",
        "alt+y",
        "Typewriter",
        "Keep the cursor's row in the middle",
        Group.VIEW,
    ),
    _app("toggle-origins", "f12 alt+w", "Origins", "Colour words by who wrote them", Group.VIEW),
    _app("toggle-spelling", "alt+o", "Spelling", "Underline misspelled words", Group.VIEW),
    _app(
        "toggle-grammar",
        "alt+semicolon",
        "Grammar",
        "Underline what is wrong by the grammar",
        Group.VIEW,
    ),
    _app("toggle-zen", "alt+z", "Full screen", "Hide everything but the draft", Group.VIEW),
    _app("statistics", "alt+i", "Counts", "Words, characters, reading time, goal", Group.VIEW),
    *_motions(),
    Action("select-paragraph", "Select paragraph", "Select the paragraph", ("f6",), Group.SELECT),
    Action("select-all", "Select all", "Select the whole draft", ("f7", "alt+a"), Group.SELECT),
    _edit(
        "new-line",
        "enter",
        "New line",
        "Begin a new paragraph, or the next item of a list or quotation; an empty item ends it",
    ),
    _app(
        "plain-line",
        "shift+enter ctrl+enter ctrl+shift+enter ctrl+j",
        "Plain line",
        "Begin a new line without the signs of a list or quotation",
        Group.EDIT,
    ),
    _edit(
        "insert-tab",
        "tab",
        "Tab",
        "Insert a tab, or put an item of a list under the one above",
        When.NO_GHOST,
    ),
    _app(
        "outdent",
        "shift+tab",
        "Outdent",
        "Bring an item of a list one level up",
        Group.EDIT,
        When.NO_GHOST,
    ),
    _app(
        "heading-up",
        "alt+up",
        "Heading up",
        "Make a heading one level higher, a line a heading, a title a line",
        Group.EDIT,
    ),
    _app(
        "heading-down",
        "alt+down",
        "Heading down",
        "Make a heading one level lower",
        Group.EDIT,
    ),
    _app(
        "footnote",
        "alt+6",
        "Footnote",
        "Add a footnote; on one, go to its text, and from there back",
        Group.EDIT,
    ),
    _app("link", "alt+5", "Link", "Make a link of the selection; in one, its address", Group.EDIT),
    _edit("delete-left", "backspace shift+backspace", "Delete the character before"),
    _edit("delete-right", "delete ctrl+d", "Delete the character behind"),
    _edit("delete-word-left", "ctrl+w ctrl+backspace alt+backspace", "Delete to the word's start"),
    _edit("delete-word-right", "ctrl+delete alt+delete alt+d", "Delete to the word's end"),
    _edit("delete-row-left", "ctrl+u", "Delete to the row's start"),
    _edit(
        "delete-row-right",
        "alt+x",
        "Delete to the row's end",
        "Delete to the row's end, or the line break",
    ),
    _edit("delete-paragraph", "ctrl+shift+k alt+0", "Delete the paragraph"),
    _edit("cut", "ctrl+x shift+delete", "Cut"),
    _edit("copy", "ctrl+c ctrl+insert", "Copy", "Copy to the terminal's clipboard"),
    _edit(
        "paste",
        "ctrl+v shift+insert",
        "Paste",
        "Paste what was copied here; the terminal's own paste works too",
    ),
    _edit("undo", "ctrl+z shift+f6", "Undo"),
    _edit("redo", "ctrl+y ctrl+shift+z shift+f7", "Redo"),
)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
