"""From settings to requests: preset, then the model's card, then the writer's own knobs."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cowrite.catalog import cards
from cowrite.config import Settings
from cowrite.core.context import Context
from cowrite.engine.protocol import Suggest, decode_client, encode
from cowrite.paths import Paths
from cowrite.session.options import request_options


def settings(**sections: dict[str, object]) -> Settings:
    return msgspec.convert(sections, Settings)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, 0.7),
        ({"suggestions": {"preset": "precise"}}, 0.4),
        ({"sampling": {"temperature": 1.3}}, 1.3),
    ],
)
def test_who_decides_on_the_temperature(given: dict[str, dict[str, object]], expected: float):
    card = {"temperature": 0.7, "min_p": 0.08}
    params = request_options(settings(**given)).params_with(card)
    assert params.sampling.temperature == expected


def test_without_a_card_it_is_the_preset():
    assert request_options(settings()).params_with({}).sampling.temperature == 0.8


def test_requests_and_pauses_come_from_the_settings():
    wanted = settings(
        suggestions={"count": 5, "auto": True, "auto_pause_ms": 400, "auto_threshold": 1.0}
    )
    options = request_options(wanted)
    assert options.params.n == 5
    assert (options.auto, options.auto_pause, options.auto_threshold) == (True, 0.4, 0.0)


def test_every_shipped_card_advises_what_the_engine_understands(tmp_path: Path):
    for card in cards(Paths(tmp_path, tmp_path, tmp_path, tmp_path)).values():
        params = request_options(settings()).params_with(card.sampling)
        asked = Suggest("a", Context((), "b", "", 0, 1), params)
        assert decode_client(encode(asked)) == asked
