"""Typographic signs in the place of typed ones: by what is around them, in prose alone, and back again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from editor_bench import Bench
from textual import events

from cowrite.core.document import Document
from cowrite.core.language import declared, language_at, spoken
from cowrite.core.quotation import ENGLISH, STYLES, Quotes, of_language
from cowrite.tui.editor.display import Look, spoken_here
from cowrite.tui.editor.typography import exchanged

MakeBench = Callable[..., Bench]


def typed(keys: str, quotes: Quotes = ENGLISH, before: str = "") -> str:
    """What comes of these keys, typed one by one."""
    text = before
    for key in keys:
        found = exchanged(text, key, "", quotes)
        text += key
        if found is not None:
            text = text[: len(text) - found.size] + found.text
    return text


@pytest.mark.parametrize(
    ("keys", "right"),
    [
        (
            '"But I--" she said. "Wait---"',
            "\u201cBut I\u2013\u201d she said. \u201cWait\u2014\u201d",
        ),
        ('_"Hi"_', "_\u201cHi\u201d_"),
        ('**"Hi"** "*so*"', "**\u201cHi\u201d** \u201c*so*\u201d"),
        (
            "'Twas in the '90s, rock 'n' roll",
            "\u2019Twas in the \u201990s, rock \u2019n\u2019 roll",
        ),
        ('"\'Tis so," he said.', "\u201c\u2019Tis so,\u201d he said."),
        ("'Tis, 'em. 'emphasis'", "\u2019Tis, \u2019em. \u2018emphasis\u2019"),
        (
            "the summer of '68, and he said: '10 men'",
            "the summer of \u201968, and he said: \u201810 men\u2019",
        ),
        (
            "the letter 's' and 'cause and effect'",
            "the letter \u2018s\u2019 and \u2019cause and effect\u2019",
        ),
        ("I went 'cause I could", "I went \u2019cause I could"),
        ("don't; the dogs' bowls; 1990's", "don\u2019t; the dogs\u2019 bowls; 1990\u2019s"),
        ("\"He said 'no' to me.\"", "\u201cHe said \u2018no\u2019 to me.\u201d"),
        ("\"'No,' he said\"", "\u201c\u2018No,\u2019 he said\u201d"),
        ('("so") ["so"]', "(\u201cso\u201d) [\u201cso\u201d]"),
        ('no--"yes"--no', "no\u2013\u201cyes\u201d\u2013no"),
        ('"well..." "...so"', "\u201cwell\u2026\u201d \u201c\u2026so\u201d"),
        ('""', "\u201c\u201d"),
        ("6' 2\" tall", '6\u2019 2" tall'),
        ('"in 1990"', "\u201cin 1990\u201d"),
        ('a \\"b', 'a \\"b'),
        ("one....", "one\u2026."),
        ("a -- b --- c ---- d", "a \u2013 b \u2014 c \u2014- d"),
        ("---", "---"),
        ("--", "--"),
        ("> ---", "> ---"),
        ("a\n---\nb", "a\n---\nb"),
        ("a | b\n--|--", "a | b\n--|--"),
        ("-- he said", "\u2013 he said"),
        ("a\n---yes", "a\n\u2014yes"),
        ("<!-- so", "<!-- so"),
    ],
)
def test_t6_signs_know_what_is_open(keys: str, right: str) -> None:
    assert typed(keys) == right


@pytest.mark.parametrize(
    ("language", "keys", "right"),
    [
        ("de", "\"Er sagt 'so'.\" Hans' Hut", "\u201eEr sagt \u201aso\u2018.\u201c Hans\u2019 Hut"),
        ("de-at", '"Ja--"', "\u201eJa\u2013\u201c"),
        ("de-ch", '"Ja"', "\u00abJa\u00bb"),
        ("fr", 'l\'ami "dit"', "l\u2019ami \u00ab\u202fdit\u202f\u00bb"),
        ("fr", '" dit "', "\u00ab\u202f dit \u00bb"),
        ("fr", 'l\'"ami"', "l\u2019\u00ab\u202fami\u202f\u00bb"),
        ("pl", '"Tak"', "\u201eTak\u201d"),
        ("sv", '"Ja--" "nej"', "\u201dJa\u2013\u201d \u201dnej\u201d"),
        ("es", "\"y 'si'\"", "\u00aby \u201csi\u201d\u00bb"),
        ("da", '"Ja"', "\u00bbJa\u00ab"),
        ("ja", '\u5f7c\u306f"\u306f\u3044"\u3068', "\u5f7c\u306f\u300c\u306f\u3044\u300d\u3068"),
        ("en-gb", '"don\'t"', "\u201cdon\u2019t\u201d"),
        ("xx", '"a"', "\u201ca\u201d"),
    ],
)
def test_t6_languages_have_their_own_quotes(language: str, keys: str, right: str) -> None:
    assert typed(keys, of_language(language)) == right


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Mann ging nach Hause und sah nicht, dass die Frau ihm von dort aus folgte.", "de"),
        ("The man went home and did not see that she had followed him to the door.", "en"),
        ("L'homme est rentré chez lui et ne voyait pas que la femme le suivait dans la rue.", "fr"),
        ("El hombre se fue a casa y no vio que la mujer lo seguía por la calle.", "es"),
        ("Mannen gick hem och såg inte att hon var på väg till ett annat hus.", "sv"),
        ("Czlowiek poszedł do domu i nie wiedział, że to jest jego dom, ale był.", "pl"),
        ("\u5f7c\u306f\u5bb6\u306b\u5e30\u3063\u305f\u3002", "ja"),
        ("\u9019\u500b\u4eba\u56de\u5bb6\u4e86", "zh-hant"),
        ("\u8fd9\u4e2a\u4eba\u56de\u5bb6\u4e86", "zh"),
        ("\u041e\u043d \u043f\u043e\u0448\u0451\u043b \u0434\u043e\u043c\u043e\u0439", "ru"),
        ("\u0412\u0456\u043d \u043f\u0456\u0448\u043e\u0432", "uk"),
        ("", ""),
        ("Hello", ""),
        ("12 34", ""),
    ],
)
def test_t6_the_language_of_a_text_is_told(text: str, language: str) -> None:
    assert spoken(text) == language
    assert language_at(Document(text), len(text)) == language


def test_t6_a_draft_says_its_language_itself() -> None:
    english = "The man went home and did not see that she had followed him to the door."
    assert language_at(Document(f"---\ntitle: x\nlang: de-CH\n---\n\n{english}"), 60) == "de-ch"
    assert language_at(Document(f"---\ntitle: x\n---\n\n{english}"), 60) == "en"
    assert declared('language = "pt_BR"') == "pt-br"
    assert declared("slang: de") == ""
    assert spoken_here({"LANG": "de_AT.UTF-8"}) == "de-at"
    assert spoken_here({"LC_ALL": "C.UTF-8", "LANG": "de_AT"}) == spoken_here({}) == ""


async def keys_in(made: Bench, keys: str) -> None:
    for key in keys:
        name = {"\b": "backspace", "\n": "enter"}.get(key, "x")
        made.editor.post_message(events.Key(name, None if name != "x" else key))


@pytest.mark.parametrize(
    ("text", "at", "right"),
    [
        ("```\n|\n```\n", '-- "a" \'...', None),
        ("a\n\n    |code", '"--', None),
        ("---\ntitle: |\n---\n", '"It\'s -- so..."', None),
        ("---\ntitle: |", '"It\'s -- so..."', None),
        ("a `x|y` b", '"--"', None),
        ("a `x|", '"--"', None),
        ("a <!-- x|y --> b", '"--"', None),
        ("a <!-- x|", '"so..."', None),
        ("<!--\nx|\n-->\n", '"so..."', None),
        ("| a | b |\n|---|---|\n| |", '"--"', None),
        ("| a|", '"--"', None),
        ("see http://x.org/a|", "--b...c", None),
        ("[a](b|", '--c "t"', None),
        ("<a href=|>", '"x--y"', None),
        ("[a]: |", "x--y", None),
        ("|", "---", None),
        ("- a\n\n|", "---", None),
        ("| ", '"a" --', "\u201ca\u201d \u2013 "),
        ("# |", '"a"', "# \u201ca\u201d"),
        ("- |", '"a"', "- \u201ca\u201d"),
        ("> |", '"a"', "> \u201ca\u201d"),
        ("a `x` |", '"a"', "a `x` \u201ca\u201d"),
        ("a [b](c) |", '"a"', "a [b](c) \u201ca\u201d"),
        ("a (http://x.org/a) |", "-- b", "a (http://x.org/a) \u2013 b"),
        ("\u201cone\ntwo|", '--"', "\u201cone\ntwo\u2013\u201d"),
        ("\u201cone\n\ntwo|", '--"', "\u201cone\n\ntwo\u2013\u201c"),
    ],
)
async def test_t7_nothing_changes_but_prose(
    bench: MakeBench, text: str, at: str, right: str | None
) -> None:
    """`|` first stands for the cursor; without a right value all is as it was typed."""
    place = text.index("|") if not text.startswith("| a") else text.rindex("|")
    text = text[:place] + text[place + 1 :]
    made = bench(text, look=Look(smart=True))
    async with made.app.run_test(size=(60, 20)) as pilot:
        made.session.select(place, place)
        await keys_in(made, at)
        await pilot.pause()
    assert made.text == (right or text[:place] + at + text[place:])


async def test_t6_backspace_right_behind_gives_the_straight_sign_back(bench: MakeBench) -> None:
    made = bench("", look=Look(smart=True))
    async with made.app.run_test(size=(60, 20)) as pilot:
        for keys, right in (
            ('"', "\u201c"),
            ("\b", '"'),
            ("\b", ""),
            ('"a"', "\u201ca\u201d"),
            ("\b", '\u201ca"'),
            (" b--", '\u201ca" b\u2013'),
            ("\b", '\u201ca" b--'),
            ("\b\b..", '\u201ca" b..'),
            (".", '\u201ca" b\u2026'),
            ("\b", '\u201ca" b...'),
        ):
            await keys_in(made, keys)
            await pilot.pause()
            assert made.text == right


async def test_t6_undo_gives_it_back_too_and_a_moved_cursor_does_not(bench: MakeBench) -> None:
    made = bench("", look=Look(smart=True))
    async with made.app.run_test(size=(60, 20)) as pilot:
        await keys_in(made, "It's")
        await pilot.press("ctrl+z")
        assert made.text == "It\u2019"
        await pilot.press("ctrl+z")
        assert made.text == "It'"
        await pilot.press("ctrl+y")
        assert made.text == "It\u2019"
        await pilot.press("left", "right", "backspace")
        assert made.text == "It"


async def test_t6_the_ghost_is_typed_through_by_a_straight_sign(bench: MakeBench) -> None:
    made = bench("He said ", look=Look(smart=True))
    async with made.app.run_test(size=(60, 20)) as pilot:
        made.session.select(8, 8)
        made.session.requests.ask()
        made.engine.say("\u201cno\u201d")
        await pilot.pause()
        await keys_in(made, '"n')
        await pilot.pause()
        assert made.text == "He said \u201cn"
        assert made.session.ghost == "o\u201d"


async def test_t6_quotes_follow_the_draft_or_the_setting(bench: MakeBench) -> None:
    german = "Der Mann ging nach Hause und sah nicht, dass die Frau ihm folgte. "
    for look, right in (
        (Look(smart=True), "\u201eJa\u201c"),
        (Look(smart=True, quotes="japanese"), "\u300cJa\u300d"),
        (Look(smart=True, quotes="english", language="de"), "\u201cJa\u201d"),
    ):
        made = bench(german, look=look)
        async with made.app.run_test(size=(60, 20)) as pilot:
            made.session.select(len(german), len(german))
            await keys_in(made, '"Ja"')
            await pilot.pause()
            assert made.text == german + right
    made = bench("", look=Look(smart=True, language="fr"))
    async with made.app.run_test(size=(60, 20)) as pilot:
        await keys_in(made, '"')
        await pilot.pause()
        assert made.text == "\u00ab\u202f"


def test_t6_every_style_closes_what_it_opens() -> None:
    for quotes in STYLES.values():
        assert typed('"a" "b"', quotes) == "{0}a{1} {0}b{1}".format(*quotes[:2])
