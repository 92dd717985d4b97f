"""Where sentences, words and paragraphs end, in many scripts and while the text still grows."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cowrite.core.segmentation import (
    is_ideograph,
    next_sentence_end,
    paragraph_end,
    sentence_end,
    word_count,
    word_end,
)

# A | stands where a sentence ends; the white space behind it belongs to none.
SENTENCES = [
    # English
    "He came.| She went!| Did it rain?| Yes.",
    "It cost 3.14 or 1,000.50 pounds.| Cheap!",
    "Mr. and Mrs. Hammond saw Dr. Leete of St. James at 5 p.m. in the rain.| He nodded.",
    "J. R. R. Tolkien met C. S. Lewis.| They walked.",
    "J.R.R. Tolkien wrote it in the U.K. for us.| It was I.| They knew.",
    "See e.g. the Thames, i.e. the river, cf. Fig. 3 and pp. 12 to 14, vol. 2.| Then go on.",
    "He said no.| She drew art.| It was in Jan. 1890, no. 5.| So it was.",
    '"Really?" he said.| "Yes," she said.| "Go!"| She went.',
    '"Is it so?"| He wondered.| “I know.”| They all did.',
    "Wait… what?| Well...| So it is.| Hm ... not yet.| Well. . .| So it is.",
    "“Stop!”—he ran.| “What?!”, she asked.| No!!!| Yes?!",
    "(It was late.)| We went home.| *So it was.*| **Done!**| Next.",
    "It ended.[1]| It began.[^note]| Over.",
    "1. Buy milk and bread.|\n2. Go home.|\n",
    "I live at example.org now.| Mail a.b@c.de today.",
    "Oh my!| How nice ‼️| So it is.",
    "The etc. in the text.| He left, etc.| Then he came.",
    # German
    "Am 3. Mai kam er, am 24. Dezember ging er.| Das 19. Jahrhundert war lang.",
    "Er war 30.| Dann kam Hr. Meier, z. B. mit Dr. Schmidt bzw. allein, d.h. ohne Hut.| Gut.",
    "„Ja.“| Er ging.| »Nein!«| Sie blieb.| „Wirklich?“ fragte er.| Ja.",
    # French, Spanish, Russian, Greek
    "« Oui ! »| Il part.| « Non. » dit-elle.| M. Dupont et Mme Bovary rient.| C'est comme il est.| Bon.",
    "¿Qué?| ¡Hola!| La Sra. Pérez vino.| Bien.",
    "Он ушёл.| А. С. Пушкин жил там.| «Да?» спросил он.| Нет.",
    # Chinese and Japanese
    "他走了。|她没有！|真的吗？|是的……然后呢？|好。",
    "“你好！”，他说。|“再见。”|他走了。|真好!|是吗?|对。",
    "吾輩は猫である。|名前はまだ無い。|「はい。」と言った。|「いいえ！」|彼は帰った。",
    "圆周率是3.14。|好｡|3．14。|",
    # Devanagari, Arabic, Urdu, Armenian, Burmese, Amharic
    "राम घर गया।| सीता आई॥| क्या?| हाँ।",
    "ذهب الولد.| هل عاد؟| نعم!| حسنا.",
    "وہ گیا۔| کیا؟| ہاں۔",
    "Նա գնաց։| Այո։| ሰላም።| ደህና።| သွားသည်။| လာသည်။",
    # Lines
    "A heading\n\nText under it.|\nMore",
    "one\r\ntwo.|\r\nthree",
]


def split(marked: str) -> tuple[str, list[int]]:
    ends, text = [], ""
    for character in marked:
        if character == "|":
            ends.append(len(text))
        else:
            text += character
    return text, ends


def ends_of(text: str) -> list[int]:
    """Every sentence end; a line break's too."""
    out, start = [], 0
    while (end := sentence_end(text, start, final=True)) is not None:
        out.append(end)
        start = end
    return out


@pytest.mark.parametrize("marked", SENTENCES)
def test_sentences(marked: str) -> None:
    text, ends = split(marked)
    breaks = {len(text[:index].rstrip()) for index, sign in enumerate(text) if sign == "\n"}
    last = len(text.rstrip())
    assert {*ends_of(text), last} == {*ends, *breaks, last}


@pytest.mark.parametrize("marked", SENTENCES)
def test_an_end_that_was_found_while_streaming_stays(marked: str) -> None:
    text, _ = split(marked)
    check_streaming(text)


def check_streaming(text: str) -> None:
    """No beginning of `text` promises an end that the rest takes back."""
    promised: int | None = None
    for length in range(len(text) + 1):
        end = sentence_end(text[:length])
        if promised is not None:
            assert end == promised, (text[:length], promised)
        promised = end
        if end is not None:
            assert end < length, "an end is sure only when something stands behind it"
    if promised is not None:
        assert sentence_end(text, final=True) == promised


PIECES = st.sampled_from(
    [
        *"aBzI19",
        *(" ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "\u2028"),
        *".!?…。！？．।؟,;:-—",
        *"\"'“”‘’«»„()[]*_「」『』",
        *("Mr", "no", "St", "z.B", "Mai", "M", "Jahrhundert", "12", "e.g", "U.S", "[1]", "[^"),
        *(
            "日",
            "本",
            "と",
            "は",
            "क",
            "ा",
            "م",
            "é",
            "e\u0301",
            "\ufe0f",
            "\u200d",
            "🎉",
            "ß",
            "ǆ",
            "İ",
        ),
        *(". .", "! »", "« ", ". ", "he ", "He "),
    ]
)
mixed = st.lists(PIECES, max_size=24).map("".join)


@settings(max_examples=600, deadline=None)
@given(mixed)
@example("Wait… “he said")
@example("Oui. « 。 » a")
@example("a 3. Mai. B")
@example("a1. Ma")
def test_nothing_that_follows_takes_an_end_back(text: str) -> None:
    check_streaming(text)


@pytest.mark.slow
@settings(max_examples=30_000, deadline=None)
@given(mixed | st.text(max_size=30))
def test_nothing_that_follows_takes_an_end_back_30000_times(text: str) -> None:
    check_streaming(text)


@settings(max_examples=300, deadline=None)
@given(mixed, st.integers(0, 10))
def test_ends_lie_in_the_text_and_go_on(text: str, start: int) -> None:
    start = min(start, len(text))
    last = start
    while (end := sentence_end(text, last, final=True)) is not None:
        assert last < end <= len(text)
        assert any(map(str.isalnum, text[last:end]))
        assert not text[end - 1].isspace()
        last = end
    assert next_sentence_end(text, last) == len(text)


@settings(max_examples=300, deadline=None)
@given(mixed, mixed)
def test_what_stands_before_the_start_says_nothing(before: str, text: str) -> None:
    for final in (False, True):
        end = sentence_end(text, final=final)
        moved = sentence_end(before + text, len(before), final=final)
        assert moved == (None if end is None else end + len(before))


@settings(max_examples=300, deadline=None)
@given(mixed)
def test_words_cover_the_text(text: str) -> None:
    place = 0
    words = []
    while place < len(text):
        end = word_end(text, place)
        assert place < end <= len(text)
        words.append(text[place:end])
        place = end
    assert "".join(words) == text
    assert all(any(not sign.isspace() for sign in word) for word in words[:-1])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two, three.", ["one", " two,", " three."]),
        (" (so) it's\n\nwell-known", [" (so)", " it's", "\n\nwell-known"]),
        ("我是“猫”。你好", ["我", "是", "“猫”。", "你", "好"]),
        ("「はい。」と", ["「は", "い。」", "と"]),
        ("Tokyo東京ok", ["Tokyo", "東", "京", "ok"]),
        ("“Really?” he", ["“Really?”", " he"]),
        ("안녕 하세요", ["안녕", " 하세요"]),
        ("राम घर", ["राम", " घर"]),
        ("   ", ["   "]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    found, place = [], 0
    while place < len(text):
        end = word_end(text, place)
        found.append(text[place:end])
        place = end
    assert found == words


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("one\ntwo", 3),
        ("one\r\ntwo", 3),
        ("\n\none\ntwo", 5),
        ("\r\n\r\none\r\n", 7),
        ("one", 3),
        ("", 0),
        ("\n", 1),
    ],
)
def test_paragraphs(text: str, end: int) -> None:
    assert paragraph_end(text) == end


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one", 1),
        ("It's a well-known fact — yes.", 5),
        ("** # - 7", 1),
        ("我是猫。", 3),
        ("「はい。」", 2),
        ("Tokyo東京 ok", 4),
        ("Größe zählt nicht", 3),
        ("राम घर गया।", 3),
    ],
)
def test_word_counts(text: str, count: int) -> None:
    assert word_count(text) == count


def test_ideographs_are_letters() -> None:
    assert [is_ideograph(sign) for sign in "日かカ한a。「ก\U00020000"] == [
        *(True, True, True, False, False, False, False, True, True)
    ]


def test_a_long_text_is_walked_in_a_straight_line() -> None:
    """Each sentence looks at itself alone: the text behind it is not copied."""

    class Counted(str):
        copied = 0

        def __getitem__(self, index: object) -> str:
            part = super().__getitem__(index)  # type: ignore[index]
            Counted.copied += len(part)
            return part

    text = Counted("The quick Mr. Fox of no. 5 runs, e.g. over a dog. " * 2000)
    place = count = 0
    while (end := sentence_end(text, place, final=True)) is not None:
        place, count = end, count + 1
    assert count == 2000
    assert Counted.copied < 4 * len(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("This should be—one would think—ten words, not eight.", 10),
        ("well-known", 1),
        ("well\u2010known well\u2011known", 2),
        (" — ", 0),
        ("a--b c---d", 4),
        ("- -- --- *** ___", 0),
        ("from 1914–1918, pages 3‒4 ― or so", 8),
        ("Wait…what? No...yes. e.g. 3.14 at 10:30", 8),
        ("_We've_ **don’t** rock'n'roll O'Brien", 4),
        ("won\u00adder\u00adful cafe\u0301 e\u0301te\u0301", 3),
        ("a\u00a0b\u2009c\u3000d\u2028e", 5),
        ("word&mdash;word &nbsp; R&D AT&T;", 4),
        ("**S**tructured and/or it", 3),
        ("|---|:-:|", 0),
        ("ＡＢＣ ㅋㅋㅋ", 2),
        ("か\u3099く ﾊﾟﾝ", 4),
    ],
)
def test_t2_what_divides_words(text: str, count: int) -> None:
    assert word_count(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("เมื่อวานนี้ฉันไปตลาดกับแม่ เราซื้อผลไม้และผักมากมาย", 14),
        ("ມື້ວານນີ້ຂ້ອຍໄປຕະຫຼາດກັບແມ່ ພວກເຮົາຊື້ໝາກໄມ້ແລະຜັກຫຼາຍຢ່າງ", 14),
        ("ម្សិលមិញខ្ញុំបានទៅផ្សារជាមួយម្ដាយ យើងបានទិញផ្លែឈើនិងបន្លែជាច្រើន", 14),
        ("မနေ့က ကျွန်တော်အမေနှင့်အတူ စျေးသို့သွားခဲ့သည်", 10),
        ("昨日私は母と市場に行った。", 12),
    ],
)
def test_t5_words_without_spaces_are_counted_about_right(text: str, count: int) -> None:
    """The counts are those of ICU's dictionaries, and of the characters in Japanese."""
    assert word_count(text) == pytest.approx(count, rel=0.25)
