"""The presets: instructions by name, with the examples that small models need. Pure data, and what makes tasks.

The examples are cowrite's own. A base model goes on in their manner; one that was trained to answer does
better with them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cowrite.core.language import spoken
from cowrite.core.preset_examples import ANSWERS, EXAMPLES, MIXED, WRITTEN
from cowrite.core.task import ANYTHING, Example, Expected, Task, TaskKind
from cowrite.core.translation_examples import TRANSLATIONS


@dataclass(frozen=True, slots=True)
class Preset:
    """One instruction by name.

    keys: the letters that choose it. label: what its answers are called in a prompt, empty for one of the
    writer's own.
    """

    name: str
    title: str
    keys: str
    instruction: str
    label: str = ""
    kind: TaskKind = TaskKind.REWRITE
    expected: Expected = ANYTHING
    language: str = ""

    @property
    def examples(self) -> tuple[Example, ...]:
        """What a model is shown before the passage."""
        known = EXAMPLES.get(self.name) or TRANSLATIONS.get(self.name)
        if known:
            return tuple(replace(example, instruction=self.instruction) for example in known)
        return MIXED if self.kind is TaskKind.REWRITE and not self.label else ()


_SAME_SIZE = Expected(0.7, 1.4)

LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
}
"""What can be translated into by name; examples there are for these."""

PRESETS: tuple[Preset, ...] = (
    Preset("shorten", "Shorten", "s", "Make it shorter.", "Shorter", expected=Expected(0.15, 0.95)),
    Preset(
        "expand",
        "Expand",
        "x",
        "Make it longer, with more detail.",
        "Longer",
        expected=Expected(1.15, 5.0),
    ),
    Preset(
        "rewrite",
        "Rewrite",
        "r",
        "Say the same in other words.",
        "In other words",
        expected=Expected(0.5, 1.8),
    ),
    Preset(
        "grammar",
        "Fix grammar",
        "g",
        "Correct the grammar and the spelling.",
        "Corrected",
        expected=replace(_SAME_SIZE, may_stay=True),
    ),
    Preset(
        "plainer",
        "Plainer",
        "p",
        "Say it in plainer words.",
        "In plain words",
        expected=Expected(0.3, 1.3),
    ),
    Preset(
        "vivid",
        "More vivid",
        "v",
        "Describe it more vividly, with the senses.",
        "More vivid",
        expected=Expected(0.9, 5.0),
    ),
    Preset(
        "dialogue",
        "Dialogue",
        "d",
        "Turn it into dialogue.",
        "Dialogue",
        expected=Expected(0.3, 2.5),
    ),
    Preset(
        "past", "Past tense", "t", "Put it into the past tense.", "Past tense", expected=_SAME_SIZE
    ),
    Preset(
        "present",
        "Present tense",
        "n",
        "Put it into the present tense.",
        "Present tense",
        expected=_SAME_SIZE,
    ),
    Preset(
        "first-person",
        "First person",
        "1",
        "Put it into the first person.",
        "First person",
        expected=replace(_SAME_SIZE, keeps=False),
    ),
    Preset(
        "third-person",
        "Third person",
        "3",
        "Put it into the third person.",
        "Third person",
        expected=_SAME_SIZE,
    ),
    Preset("continue", "Continue like this", "c", "", kind=TaskKind.WRITE),
    Preset(
        "summarise",
        "Summarise",
        "m",
        "Summarise it.",
        "Summary",
        TaskKind.ASK,
        Expected(0.0, 0.8, keeps=False),
    ),
    Preset(
        "names",
        "Name ideas",
        "a",
        "Ideas for names that fit this text.",
        "Names",
        TaskKind.ASK,
        Expected(0.0, 20.0, keeps=False),
    ),
    Preset(
        "synonyms",
        "Synonyms",
        "y",
        "Other words for it.",
        "Other words",
        TaskKind.ASK,
        Expected(0.0, 50.0, keeps=False),
    ),
)
"""Those that ship with cowrite, in the order of lists. `translation` makes the ones for languages."""


def translation(language: str) -> Preset:
    """The preset `translate to …`. language: a code, or a name as people write it."""
    wanted = language.strip()
    code = next((c for c, n in LANGUAGES.items() if wanted.casefold() in (c, n.casefold())), "")
    name = LANGUAGES.get(code, wanted)
    return Preset(
        f"translate-{code}" if code else "translate",
        f"Translate to {name}",
        "",
        f"Translate it into {name}.",
        name,
        expected=Expected(0.4, 2.5, keeps=True),
        language=code,
    )


def own_presets(own: Mapping[str, str]) -> tuple[Preset, ...]:
    """The writer's presets from settings: name -> instruction."""
    return tuple(Preset(name, name.capitalize(), "", text) for name, text in own.items())


def all_presets(own: Mapping[str, str] | None = None) -> tuple[Preset, ...]:
    """All of them by the order of lists; one of the writer's takes the place of ours with its name."""
    mine = own_presets(own or {})
    names = {preset.name for preset in mine}
    return (*mine, *(preset for preset in PRESETS if preset.name not in names))


def find(words: str, presets: Iterable[Preset] = PRESETS) -> Preset | None:
    """The preset that is meant by what was typed: its key, its name or title, or the beginning of one; None
    for other words, which are an instruction themselves."""
    wanted = " ".join(words.casefold().split()).strip(" .!")
    if not wanted:
        return None
    if wanted.startswith("translate to ") or wanted.startswith("translate into "):
        return translation(wanted.split(" ", 2)[2])
    known = list(presets)
    for preset in known:
        if wanted in (preset.keys, preset.name, preset.title.casefold()) or (
            wanted == preset.instruction.casefold().strip(" .!")
        ):
            return preset
    if len(wanted) < 3:
        return None
    near = [p for p in known if p.name.startswith(wanted) or p.title.casefold().startswith(wanted)]
    return near[0] if len(near) == 1 else None


def task(
    preset: Preset,
    passage: str,
    *,
    before: str = "",
    after: str = "",
    notes: tuple[str, ...] = (),
) -> Task:
    """The task that a preset is for this passage."""
    kind = preset.kind
    if preset.name == "continue":
        before, passage = before + passage, ""
    return Task(
        kind,
        preset.instruction,
        passage,
        before,
        after,
        notes,
        preset.name,
        preset.language,
        preset.label,
        preset.examples,
        preset.expected,
    )


def own_task(
    instruction: str,
    passage: str,
    *,
    before: str = "",
    after: str = "",
    notes: tuple[str, ...] = (),
) -> Task:
    """The task that the writer's own words are: what is asked for is written where there is no passage."""
    kind = TaskKind.REWRITE if passage.strip() else TaskKind.WRITE
    examples = MIXED if kind is TaskKind.REWRITE else WRITTEN
    return Task(kind, instruction, passage, before, after, notes, examples=examples)


def question(asked: str, passage: str, *, notes: tuple[str, ...] = ()) -> Task:
    """The task to answer a question about a text."""
    expected = Expected(0.0, 1000.0, keeps=False)
    return Task(TaskKind.ASK, asked, passage, notes=notes, examples=ANSWERS, expected=expected)


def language_of(wanted: Task) -> str:
    """The language that an answer should speak: the one asked for, else the passage's; empty if unknown."""
    return wanted.language or spoken(wanted.passage or wanted.before)
