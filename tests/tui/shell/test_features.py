"""The draft's screen is made of features: each action and each message has one, and none knows another."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import cowrite.tui.draft
from cowrite.tui.app import CowriteApp
from cowrite.tui.draft.feature import Actions, Feature
from cowrite.tui.draft.features import actions_of
from cowrite.tui.parts import PartMessage

Make = Callable[..., CowriteApp]


def features() -> list[type[Feature]]:
    """All there are, in whatever module of the room."""
    for found in pkgutil.iter_modules(cowrite.tui.draft.__path__, "cowrite.tui.draft."):
        importlib.import_module(found.name)
    return Feature.__subclasses__()


class Quiet(Feature):
    """A feature of a test, which is made without a screen."""

    def __init__(self, **actions: Callable[[], None]) -> None:
        self._given = actions

    def actions(self) -> Actions:
        return self._given


async def test_all_features_are_on_the_screen(make_app: Make, tmp_path: Path) -> None:
    app = make_app(tmp_path / "draft.md")
    async with app.run_test():
        assert app.draft is not None
        made = Counter(type(feature) for feature in app.draft.features)
        assert made == Counter(kind for kind in features() if kind.__module__ != __name__)


def test_an_action_has_one_feature() -> None:
    with pytest.raises(ValueError, match="two features do 'save'"):
        actions_of([Quiet(save=print), Quiet(save=print)])
    with pytest.raises(ValueError, match="no feature does"):
        actions_of([Quiet(save=print)])


def test_a_message_has_one_feature() -> None:
    """And what a feature answers is said by somebody: Textual's names for handlers are written by hand."""
    kinds = features()
    said = {
        kind.handler_name
        for kind in PartMessage.__subclasses__()
        if kind.__module__.startswith(("cowrite.tui.draft.", "cowrite.tui.editor."))
    }
    answered = Counter(
        name
        for kind in kinds
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if name.startswith("on_")
    )
    assert answered == Counter(said)


@pytest.mark.parametrize("kind", features(), ids=lambda kind: kind.__name__)
def test_a_feature_knows_no_other(kind: type[Feature]) -> None:
    others = {other.__module__ for other in features()} - {kind.__module__}
    tree = ast.parse(inspect.getsource(importlib.import_module(kind.__module__)))
    known = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert known & others == set()
