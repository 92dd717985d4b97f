"""British spellings of English words. The word list is American; both are right here."""

from __future__ import annotations

import re
from collections.abc import Container

_RULES = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (
            r"((?:^|.)(?:arb|ard|arm|behavi|cand|clam|col|dem|enam|endeav|fav|ferv|flav|glam|harb|hon|hum"
            r"|lab|neighb|od|parl|ranc|rig|rum|sav|splend|succ|tum|val|vap|vig))our",
            r"\1or",
        ),
        (r"([a-z]{2})is(e|es|ed|er|ers|ing|able|ation|ations|ational)$", r"\1iz\2"),
        (r"(anal|paral|catal|electrol|hydrol)ys(e|es|ed|er|ers|ing)$", r"\1yz\2"),
        (
            r"((?:^|.)(?:cent|met|lit|theat|fib|spect|somb|lust|meag|calib|sab|och|goit))re(s|d|ly|ness)?$",
            r"\1er\2",
        ),
        (r"((?:^|.)(?:def|off|lic|pret))ence(s|d|less)?$", r"\1ense\2"),
        (r"([aeiou])ll(ed|er|ers|ing|ings|or|ors|ous|ery)$", r"\1l\2"),
        (r"(dial|catal|anal|monol|epil|prol)ogue", r"\1og"),
        (r"ae|oe", "e"),
        (r"(ful|wil|skil|instal|enrol|distil|appal)(ful|fulness|ment|ments|s|l)?$", r"\1l\2"),
    )
)
_WORDS = frozenset(
    """
    aeroplane ageing aluminium amongst analogue axe backward burnt catalogue cheque chequered cosier cosily
    cosiness cosy disc draught draughts draughty dreamt enquire enquiries enquiry faeces fulfil fulfils gaol
    grey greyish greyness jewellery judgement kerb lamplight lamplit leant leapt learnt licence manoeuvre
    manoeuvred manoeuvres manoeuvring maths moult moustache moustached mum mummy omelette paediatric plough
    ploughed ploughing ploughman practise practised practising programme programmes pyjamas sceptic sceptical
    scepticism skilful skilfully smelt smoulder smouldered smouldering spelt spilt spoilt storey storeys
    sulphur tonne tonnes towards tyre tyres whilst wilful wilfully woollen yoghurt
    """.split()  # noqa: SIM905 - a list of words is read as words
)


def is_british(word: str, american: Container[str]) -> bool:
    """Whether a word is the British spelling of one in the American list."""
    return word in _WORDS or any(
        pattern.sub(instead, word) in american for pattern, instead in _RULES
    )
