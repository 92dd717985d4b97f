"""What is wrong with answers: each guard sees its fault, and lets good answers be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core import presets
from cowrite.core.guards import Flaw, flaws, lost
from cowrite.core.named import names_and_numbers
from cowrite.core.presets import find, own_task, question, task, translation
from cowrite.core.suggestion import StopReason
from cowrite.core.task import Task, TaskKind

PASSAGE = (
    "At six o'clock Marta closed the shop, and 3,200 people walked along the canal with Dr. Okafor, as they "
    "had done every evening for twenty years."
)


def of(name: str, passage: str = PASSAGE) -> Task:
    preset = find(name)
    assert preset is not None
    return task(preset, passage)


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (
            of("shorten"),
            "At six Marta closed, and 3200 people walked along the canal with Dr. Okafor for 20 years.",
        ),
        (
            of("rewrite"),
            "Marta shut up shop at 6; with Okafor, 3,200 people then went by the canal, as for twenty years.",
        ),
        (of("grammar"), PASSAGE),
        (of("past", "The cat sleeps."), "The cat slept."),
        (
            of("past", "She reads it, and puts it into the drawer."),
            "She read it, and put it into the drawer.",
        ),
        (
            of("expand", "It rained."),
            "It rained all night, and in the morning the yard was a pond with ducks on it.",
        ),
        (
            own_task("Make it sad.", "It was warm."),
            "It was warm, and there was nobody left to say so to.",
        ),
        (question("Who closed the shop?", PASSAGE), "Marta."),
        (of("synonyms", "dark"), "dim, gloomy, black"),
        (of("summarise"), "Marta and the others walk by the canal."),
        (
            task(translation("German"), PASSAGE),
            "Um sechs Uhr schloss Marta den Laden, und 3200 Menschen gingen mit Dr. Okafor am Kanal entlang, "
            "wie sie es seit zwanzig Jahren an jedem Abend getan hatten.",
        ),
        (
            own_task("A storm at sea.", ""),
            "The wind rose at noon, and by evening nobody spoke any more.",
        ),
    ],
    ids=lambda value: value.preset or value.instruction if isinstance(value, Task) else "",
)
def test_good_answers_are_let_be(given: Task, answer: str) -> None:
    assert flaws(given, answer) == ()


@pytest.mark.parametrize(
    ("given", "answer", "flaw"),
    [
        (of("shorten"), "", Flaw.EMPTY),
        (of("shorten"), " \n...", Flaw.EMPTY),
        (of("plainer"), "Say it in plainer words, Marta and Okafor, six of 3200.", Flaw.ECHO),
        (
            own_task("Describe a wild storm at sea.", ""),
            "Describe a wild storm at sea. It was",
            Flaw.ECHO,
        ),
        (question("Who closed the shop?", PASSAGE), "Who closed the shop?", Flaw.ECHO),
        (
            of("past"),
            "Karl opened the window and looked at the street. It was empty.",
            Flaw.EXAMPLE,
        ),
        (
            of("dialogue", "The doctor came."),
            '"What\'s in the bag?" the doctor asked.',
            Flaw.EXAMPLE,
        ),
        (of("past", "The doctor comes."), "It was empty.", Flaw.EXAMPLE),
        (of("past", "He puts it away."), "He put it into the past tense.", Flaw.ECHO),
        (of("expand"), f"{PASSAGE} They went home. {PASSAGE}", Flaw.REPEATS),
        (
            own_task("Sadder.", "It was late."),
            "It was late and he was, and he was, and he was sad, and he was old.",
            Flaw.REPEATS,
        ),
        (
            of("shorten"),
            "Marta und Okafor gingen mit 3200 der Leute am Kanal und das ist nicht wie es war.",
            Flaw.LANGUAGE,
        ),
        (task(translation("fr"), PASSAGE), PASSAGE + " And it was so.", Flaw.LANGUAGE),
        (of("rewrite"), PASSAGE.upper(), Flaw.UNCHANGED),
        (
            of("shorten"),
            "At six, 3,200 people walked along the canal for twenty years with Dr. Okafor, she says.",
            Flaw.LOST,
        ),
        (
            of("shorten"),
            "At six Marta closed the shop, and many people walked along with Dr. Okafor for 20 years.",
            Flaw.LOST,
        ),
        (of("rewrite"), "Marta, Okafor, 6, 3200, 20.", Flaw.SHORT),
        (
            of("shorten"),
            PASSAGE + " They did so again and again, and nobody knew why it was.",
            Flaw.LONG,
        ),
    ],
)
def test_each_fault_is_seen(given: Task, answer: str, flaw: Flaw) -> None:
    assert flaw in flaws(given, answer)


def test_english_that_says_i_and_is_short_for_much_is_english() -> None:
    made = own_task(
        "Let them speak.",
        "Peter told Ruth that he had lost the job, and it was in the shop that he did.",
    )
    said = '"How\'s your job?" Ruth asked.\n"I\'m still finding one. I\'ve lost my job. I, too," I said.'
    assert Flaw.LANGUAGE not in flaws(made, said)


def test_an_answer_that_was_cut_off_is_told() -> None:
    assert Flaw.CUT in flaws(of("expand"), PASSAGE * 2, StopReason.LENGTH)
    assert Flaw.CUT not in flaws(of("expand"), PASSAGE * 2, StopReason.END)


def test_what_the_passage_repeats_itself_may_be_repeated() -> None:
    refrain = "and the wind went over the hill and back again to the sea "
    assert Flaw.REPEATS not in flaws(of("grammar", refrain * 2), refrain * 2)


def test_what_was_lost_is_named_with_its_place() -> None:
    missing = lost(of("shorten"), "Somebody closed the shop at six.")
    assert [PASSAGE[one.start : one.end] for one in missing] == [
        "Marta",
        "3,200",
        "Okafor",
        "twenty",
    ]


def test_names_are_seen_where_capitals_are_not_due() -> None:
    text = "It fell. Then Ingrid came, and Ingrid\u2019s dog. Ingrid froze. In May I saw 4, eleven in 1998."
    assert [one.value for one in names_and_numbers(text)] == [
        "ingrid",
        "ingrid",
        "ingrid",
        "4",
        "11",
        "1998",
    ]


def test_a_name_at_a_sentences_beginning_is_known_by_what_stands_around() -> None:
    assert names_and_numbers("Marta slept.") == ()
    assert [one.text for one in names_and_numbers("Marta slept.", "They met Marta there.")] == [
        "Marta"
    ]
    kept = replace(
        of("shorten", "Marta slept until the evening came over the hills."),
        before="So he saw Marta go.",
    )
    assert Flaw.LOST in flaws(kept, "Somebody slept until evening.")


def test_german_nouns_are_no_names() -> None:
    german = "Der Mann ging mit dem Hund und der Katze in das Haus, und es war nicht der 14. Tag."
    assert [one.text for one in names_and_numbers(german)] == ["14"]


NOTE = "The harbour master is a man of sixty who never speaks of the sea, nor of his brother."


@pytest.mark.parametrize(
    ("task", "answer", "wrong"),
    [
        (own_task("describe him", "He sat there.", notes=(NOTE,)), NOTE, True),
        (own_task("describe him", "He sat there.", notes=(NOTE,)), "He never spoke of it.", False),
        (own_task("describe him", NOTE, notes=(NOTE,)), f"{NOTE} He sat there.", False),
        (own_task("describe him", "", notes=(NOTE,)), f"{NOTE} He sat.", True),
        (question("who is he?", "He sat there.", notes=(NOTE,)), NOTE, False),
    ],
)
def test_notes_are_known_and_not_said(task: Task, answer: str, wrong: bool) -> None:
    assert (Flaw.NOTES in flaws(task, answer)) is wrong


@given(st.text(max_size=300), st.text(max_size=300), st.sampled_from(presets.PRESETS))
def test_no_text_is_too_strange(passage: str, answer: str, preset: presets.Preset) -> None:
    found = flaws(task(preset, passage), answer)
    assert len(set(found)) == len(found)
    for named in names_and_numbers(passage, answer):
        assert passage[named.start : named.end] == named.text


@given(st.text(min_size=1, max_size=300))
def test_an_unchanged_text_has_lost_nothing(passage: str) -> None:
    assert lost(of("rewrite", passage), passage) == ()


def test_presets_are_found_as_people_say_them() -> None:
    own = presets.all_presets({"noir": "As a detective.", "shorten": "Halve it."})
    assert [preset.name for preset in own[:2]] == ["noir", "shorten"]
    assert [preset.name for preset in own].count("shorten") == 1
    for words, name in (
        ("s", "shorten"), ("Shorten", "shorten"), ("short", "shorten"), ("fix grammar", "grammar"),
        ("Make it shorter.", "shorten"), ("past", "past"), ("Past tense", "past"), ("  VIVID ", "vivid"),
        ("more vivid", "vivid"), ("translate to german", "translate-de"), ("Translate to Klingon", "translate"),
    ):  # fmt: skip
        found = find(words)
        assert found is not None, words
        assert found.name == name, words
    for words in ("", "  ", "make her angrier", "q", "person"):
        assert find(words) is None, words
    assert len({preset.keys for preset in presets.PRESETS}) == len(presets.PRESETS)


def test_the_presets_own_examples_pass_their_own_guards() -> None:
    every = (*presets.PRESETS, *(translation(code) for code in presets.LANGUAGES))
    assert [preset.name for preset in every if not preset.examples] == ["continue"]
    for preset in every:
        for example in preset.examples:
            made = replace(task(preset, example.passage), examples=())
            assert flaws(made, example.answer) == (), (preset.name, example)


def test_continuing_is_no_instruction() -> None:
    made = of("continue")
    assert (made.kind, made.instruction, made.passage) == (TaskKind.WRITE, "", "")
    assert made.before == PASSAGE
