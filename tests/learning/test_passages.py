"""The index of earlier passages: what is found, what is not, and what is left of what was taken out."""

from __future__ import annotations

import random
import sqlite3
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.errors import StoreError
from cowrite.learning.indexing import bring_up_to_date
from cowrite.learning.passage_text import SIZE, divide, grams, terms, tokens_of
from cowrite.learning.passages import PassageIndex

PLAIN = "He went to the house and said that it was a good day for a walk by the sea. "


def plain(seed: int, size: int = 90) -> str:
    """Common words in an order of its own."""
    rng = random.Random(seed)
    return " ".join(rng.choices(PLAIN.lower().replace(".", "").split(), k=size)) + ". "


def filler(number: int) -> str:
    """A paragraph of common words with one that only it has."""
    return f"Number{number} came along. " + plain(number, 120)


def library(**texts: str) -> PassageIndex:
    index = PassageIndex(None)
    for when, (name, text) in enumerate(texts.items()):
        index.replace(name, text, float(when))
    return index


MANY = "\n\n".join(filler(number) for number in range(40))


def test_passages_are_found_by_the_rare_words_they_share_and_the_best_is_last() -> None:
    about_ukridge = (
        "Ukridge walked along the Cob at Combe Regis with a hen under his arm. " + plain(101)
    )
    about_hens = "The hen was on the lawn and did not care for anybody at all. " + plain(102)
    index = library(old=MANY, a=about_hens, b=about_ukridge)
    found = index.find("There was Ukridge again at Combe Regis, and the hen.", 600)
    assert [passage.document for passage in found][-1] == "b"
    assert "a" in [passage.document for passage in found]


def test_a_budget_is_never_passed() -> None:
    index = library(old=MANY)
    near = " ".join(f"Number{number}" for number in range(40))
    for budget in (0, 10, 250, 900):
        assert sum(passage.tokens for passage in index.find(near, budget)) <= budget
    assert index.find(near, 0) == []


def test_what_the_model_sees_anyway_is_never_found_nor_the_same_twice() -> None:
    text = "Ukridge walked along the Cob at Combe Regis with a hen under his arm. " + plain(103)
    index = library(old=MANY, first=text, again=text)
    found = index.find("Ukridge at Combe Regis", 2000)
    assert sum("Ukridge" in passage.text for passage in found) == 1
    shown = "Before. Ukridge walked along the Cob at Combe Regis with a hen under his arm. After."
    assert all("Ukridge" not in p.text for p in index.find("Ukridge", 2000, shown=shown))
    assert all(p.document != "first" for p in index.find("Ukridge", 2000, exclude="first"))


def test_with_nothing_to_search_by_the_newest_passages_come() -> None:
    index = library(old=MANY, new="Quite another thing. " * 12)
    assert [passage.document for passage in index.find("", 100)] == ["new"]
    assert index.find("the and of", 100)[-1].document == "new"


def test_scripts_without_spaces_are_found_too() -> None:
    index = library(old=MANY, one="川の上に光があった。" * 12, two="山の中の家に住んでいた。" * 12)
    assert index.find("朝、山の中の", 250)[-1].document == "two"


def test_a_document_is_replaced_and_removed() -> None:
    index = library(a="Ukridge and his hens. " * 20, b=MANY)
    index.replace("a", "Something else entirely happened. " * 20)
    assert all("Ukridge" not in passage.text for passage in index.find("Ukridge", 3000))
    index.remove("a")
    assert set(index.states()) == {"b"}
    index.clear()
    assert len(index) == 0
    assert index.find("Ukridge", 3000) == []


def test_the_index_follows_the_library() -> None:
    index = PassageIndex(None)
    bring_up_to_date(index, [("a", "1", PLAIN * 20, 0.0), ("b", "1", MANY, 1.0)])
    size = len(index)
    bring_up_to_date(index, [("a", "1", "Not read, since the state is the same.", 0.0)])
    assert set(index.states()) == {"a"}
    assert 0 < len(index) < size
    bring_up_to_date(index, [("a", "2", "Read now. " * 10, 0.0)])
    assert index.find("", 500)[0].text.startswith("Read now.")


def test_what_was_taken_out_is_not_in_the_file_any_more(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "passages.sqlite3"
    index = PassageIndex(path)
    secret = "Xylophonic quagmires bewitched Zanzibar. "
    index.replace("secret", secret * 200)
    index.replace("other", MANY)
    assert b"quagmires" in path.read_bytes()
    index.remove("secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for file in path.parent.iterdir():
        assert b"quagmires" not in file.read_bytes(), file
    index.replace("secret", secret * 200)
    index.replace("secret", "Harmless. " * 30)
    assert b"quagmires" not in path.read_bytes()
    index.close()


@pytest.mark.parametrize(
    "damage", [b"no database at all, by far", b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_damaged_file_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "passages.sqlite3"
    path.write_bytes(damage)
    index = PassageIndex(path)
    assert index.rebuilt
    assert index.states() == {}
    index.replace("a", PLAIN * 20)
    assert len(index) > 0


def test_a_file_that_is_damaged_while_it_is_open_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "passages.sqlite3"
    index = PassageIndex(path)
    index.replace("a", MANY)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(0)
        file.write(b"\xaa" * size)
    index.find("Number7", 500)
    assert index.rebuilt
    index.replace("a", MANY)
    assert len(index) > 0


def test_a_file_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "passages.sqlite3"
    PassageIndex(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    assert PassageIndex(path).rebuilt


def test_where_nothing_can_be_written_the_error_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError):
        PassageIndex(tmp_path / "file" / "passages.sqlite3")


SENTENCES = st.lists(
    st.sampled_from(
        [PLAIN, "Yes.", "\n\n", "\n", "A" * 900 + " ", "word " * 300, "“Quoted!” he said. ", "川。"]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=60)
@given(SENTENCES)
def test_divided_text_is_whole_and_no_passage_is_long(text: str) -> None:
    parts = divide(text)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(part.strip() == part and part for part in parts)
    assert all(tokens_of(part) <= SIZE * 3.5 for part in parts)


@settings(max_examples=40)
@given(st.text(max_size=300), st.integers(0, 800))
def test_any_text_can_be_searched_with_and_the_answer_is_the_same_again(
    near: str, budget: int
) -> None:
    first = SHARED.find(near, budget)
    assert first == SHARED.find(near, budget)
    assert sum(passage.tokens for passage in first) <= budget
    seen: set[str] = set(grams(near))
    for passage in reversed(first):
        assert seen.isdisjoint(grams(passage.text))
        seen.update(grams(passage.text))


SHARED = library(a=MANY, b="Ukridge and his hens were seen at Combe Regis. " * 9)


def test_words_are_compared_without_case() -> None:
    assert list(terms("The HEN, Straße")) == ["the", "hen", "strasse"]
