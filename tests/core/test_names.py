"""Names and numbers, and which of them a new text would lose."""

from cowrite.core.names import lost, names_and_numbers
from cowrite.core.word_diff import differences


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in names_and_numbers(text)]


def test_names_and_numbers_are_found() -> None:
    assert found("On Friday Marta paid 12 crowns. Marta left. He stayed; I'm sure.") == [
        "Friday", "Marta", "12", "Marta",
    ]  # fmt: skip


def test_the_first_word_of_a_sentence_is_no_name_unless_it_is_one_elsewhere() -> None:
    assert found("The lamp burned. “Nobody came,” she said.") == []
    assert found("Anna wept. Then Anna slept.") == ["Anna", "Anna"]


def test_where_every_noun_has_a_capital_only_numbers_count() -> None:
    german = "Der alte Mann ging mit dem Hund an den Hafen und sah das Licht im Turm, 3 Schiffe, den Wind."
    assert found(german) == ["3"]


def test_what_the_new_text_has_elsewhere_is_not_lost() -> None:
    old, new = "At dusk Marta saw 3 boats near Hull.", "Near Hull, boats came at dusk."
    pieces = tuple(differences(old, new))
    assert [old[start:end] for start, end in lost(pieces)] == ["Marta", "3"]
