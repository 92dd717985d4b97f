"""Sentences that leave the tense which the story around them is told in. English alone.

Only what is certain is counted: a pronoun and the form of a verb behind it, outside of what somebody says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cowrite.prose.passages import Sentence
from cowrite.prose.remarks import Kind, Prose, Read, Remark

_AROUND = 12
"""Sentences with a tense, before and behind, that one is compared with."""
_FEWEST = 8
"""Of those, at least."""
_SHARE = 0.9
"""How many of them have to be in the other tense."""

_IRREGULAR = """
    am|is|are=was|were have|has=had do|does=did go|goes=went come|comes=came see|sees=saw say|says=said
    think|thinks=thought know|knows=knew take|takes=took get|gets=got make|makes=made find|finds=found
    give|gives=gave tell|tells=told feel|feels=felt leave|leaves=left bring|brings=brought begin|begins=began
    keep|keeps=kept hold|holds=held stand|stands=stood hear|hears=heard run|runs=ran sit|sits=sat
    speak|speaks=spoke rise|rises=rose fall|falls=fell grow|grows=grew drive|drives=drove write|writes=wrote
    lose|loses=lost meet|meets=met pay|pays=paid send|sends=sent build|builds=built draw|draws=drew
    understand|understands=understood
    break|breaks=broke spend|spends=spent catch|catches=caught choose|chooses=chose
    throw|throws=threw win|wins=won teach|teaches=taught sell|sells=sold fight|fights=fought fly|flies=flew
    forget|forgets=forgot shake|shakes=shook wake|wakes=woke wear|wears=wore sleep|sleeps=slept sing|sings=sang
    swim|swims=swam drink|drinks=drank eat|eats=ate ring|rings=rang climbs=climbed walks=walked looks=looked
    turns=turned asks=asked opens=opened closes=closed smiles=smiled nods=nodded stops=stopped waits=waited
    watches=watched reaches=reached pulls=pulled pushes=pushed knocks=knocked whispers=whispered shouts=shouted
    answers=answered laughs=laughed cries=cried stares=stared steps=stepped listens=listened wants=wanted
    tries=tried calls=called moves=moved lives=lived works=worked plays=played starts=started picks=picked
    carries=carried follows=followed passes=passed enters=entered returns=returned remembers=remembered
    seems=seemed needs=needed likes=liked loves=loved hates=hated decides=decided notices=noticed
"""
_pairs = [pair.partition("=") for pair in _IRREGULAR.split()]
_PRESENT = frozenset(form for present, _, _ in _pairs for form in present.split("|"))
_PAST = frozenset(form for _, _, past in _pairs for form in past.split("|"))

_SUBJECT = re.compile(
    r"(?:\b(?P<before>[a-z]+)\s+)?(?<![\w'’])(?P<who>I|(?i:he|she|it|we|they))\s+"
    r"(?:(?:[a-z]+ly|never|always|then|still|just|now)\s+)?(?P<verb>[a-z]+)(?![\w'’])"
)
_QUESTIONS = "do does did can could shall should will would may might must let make makes made"
_ASKED = frozenset(_QUESTIONS.split())
"""Before a pronoun they make a question of what follows, or an infinitive."""
_ASIDES = """
    am is are do have think know say see seem seems find believe suppose feel tell remember mean understand
    call hear
"""
_TELLER = frozenset(_ASIDES.split())
"""What who tells a story says in the present beside it: `I am told`, `it seems`, `as they say`."""
_SAID = re.compile("[\"“”„«»]|(?<!\\w)[‘'](?=\\w)|(?<=[\\w.,!?…—-])[’'](?!\\w)")
_GENERAL = re.compile(
    r"(?i)\b(?:always|never|every|often|sometimes|usually|if|when|whenever|perhaps|suppose|whether|either"
    r"|in short)\b"
)


class _Told(NamedTuple):
    where: Read
    sentence: Sentence
    past: bool
    present: bool
    low: int
    high: int


def tense_slips(prose: Prose) -> Iterator[Remark]:
    """Sentences in the present among many in the past, and the other way round."""
    if prose.language != "en":
        return
    told = [one for each in prose.paragraphs() for one in _told(each)]
    for index, one in enumerate(told):
        if one.past == one.present:
            continue
        around = told[max(0, index - _AROUND) : index] + told[index + 1 : index + 1 + _AROUND]
        if len(around) < _FEWEST:
            continue
        others = sum(other.past and not other.present for other in around)
        if one.past:
            others = sum(other.present and not other.past for other in around)
        text = one.where.passage.text
        if others >= _SHARE * len(around) and not _GENERAL.search(
            text, one.sentence.start, one.sentence.end
        ):
            verb = " ".join(text[one.low : one.high].split())
            here, there = ("past", "present") if one.past else ("present", "past")
            says = f"“{verb}” is {here}, the rest {there}"
            yield one.where.remark(one.low, one.high, Kind.TENSE, says)


def _told(one: Read) -> Iterator[_Told]:
    """The sentences of a passage that are in a tense, without what is said in them."""
    text = one.passage.text
    if _SAID.search(text):
        return
    for sentence in one.passage.sentences():
        past = present = False
        low = high = -1
        for match in _SUBJECT.finditer(text, sentence.start, sentence.end):
            verb, who = match["verb"], match["who"].casefold()
            if match["before"] in _ASKED:
                continue
            is_past = verb in _PAST or (verb.endswith("ed") and len(verb) > 4)
            is_present = verb in _PRESENT and (who in ("he", "she") or verb not in _TELLER)
            if (is_past or is_present) and low < 0:
                low, high = match.start("who"), match.end("verb")
            past, present = past or is_past, present or is_present
        if past or present:
            yield _Told(one, sentence, past, present, low, high)
