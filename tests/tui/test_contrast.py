"""What has a meaning on the page is told apart: by contrast in every theme, and by signs without colour."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import combinations

import pytest
from editor_bench import Bench
from everyday import in_turns
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import Color as RichColor
from rich.style import Style
from textual.color import BLACK, WHITE, Color
from textual.theme import BUILTIN_THEMES, Theme

from cowrite.tui.editor.contrast import APART, contrast, luminance, of_256, tones
from cowrite.tui.editor.page_styles import COMPONENTS, style_of
from cowrite.tui.terminal.abilities import ALL, EVERYTHING, Abilities
from cowrite.tui.terminal.palette import nearest_of_256
from cowrite.tui.window.colours import fit
from cowrite.tui.window.themes import ON_DARK, ON_LIGHT, THEMES, legible

CLASSES = {
    "yours": (),
    "the ghost": ("ghost", "ghost-among"),
    "the model's": ("origin-model",),
    "changed": ("origin-edited",),
    "pasted": ("origin-paste",),
}
"""Who wrote what, while F12 shows it: layers of the page."""

EVERY = {theme.name: theme for theme in (*THEMES, *BUILTIN_THEMES.values())}
THEMED = [name for name, theme in EVERY.items() if not theme.ansi]
OWN = [name for name, theme in EVERY.items() if theme.ansi]
"""Themes of the terminal's own colours."""

TERMINALS = {
    "xterm": Abilities(8, italic=True, dim=True),
    "screen, Linux console": Abilities(8, italic=False, dim=True),
    "rxvt": Abilities(8, italic=False, dim=False),
    "VT100": Abilities(0, italic=False, dim=False),
    "NO_COLOR": Abilities(0, italic=True, dim=True),
    "256 colours without italics": Abilities(256, italic=False, dim=True),
    "everything": EVERYTHING,
}

VGA = "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa"
XTERM = "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5"
GNOME = "171421 c01c28 26a269 a2734c 12488b a347ba 2aa1b3 d0cfcc"
PALETTES = {
    name: [Color.parse(f"#{colour}") for colour in colours.split()]
    for name, colours in {"Linux console": VGA, "xterm": XTERM, "GNOME": GNOME}.items()
}
"""What the first eight colours are."""

Look = tuple[Color, Color]
"""Text and background as they are seen."""


@asynccontextmanager
async def page(theme: str, abilities: Abilities = EVERYTHING) -> AsyncIterator[Bench]:
    """A page in this theme, in a terminal with these abilities."""
    bench = Bench("", None, None)
    bench.app.register_theme(EVERY[theme])
    fit(bench.app, abilities)
    async with bench.app.run_test(size=(60, 10)) as pilot:
        bench.app.theme = theme
        await pilot.pause()
        yield bench


def look(bench: Bench, *names: str, colours: int = ALL) -> Look:
    """Text under these layers, as a terminal with so many colours shows it."""
    style = style_of(bench.editor, names)
    pair = [style.color, style.bgcolor]
    assert pair[0] is not None
    assert pair[1] is not None
    if style.reverse:
        pair.reverse()
    shown = [Color.from_rich_color(colour) for colour in pair]
    text, background = [of_256(colour) for colour in shown] if colours == 256 else shown
    return text, background


def variables(theme: Theme) -> dict[str, str]:
    """What Textual makes of a theme."""
    return {**theme.to_color_system().generate(), **theme.variables}


def apart(one: Look, other: Look) -> float:
    """The better of the two contrasts, of text with text and of background with background."""
    return max(contrast(a, b) for a, b in zip(one, other, strict=True))


def signs(
    bench: Bench, names: tuple[str, ...], abilities: Abilities = EVERYTHING
) -> frozenset[str]:
    """What tells text under these layers without colour, on a terminal with these abilities."""
    style: Style = style_of(bench.editor, names)
    found = {
        "bold": style.bold,
        "underline": style.underline,
        "reverse": style.reverse,
        "italic": style.italic and abilities.italic,
        "dim": style.dim and abilities.dim,
    }
    return frozenset(name for name, on in found.items() if on)


@pytest.mark.parametrize(("theme", "colours"), in_turns(THEMED, [ALL, 256], always=[ALL]))
async def test_ghost_and_origins_are_told_apart_in_every_theme(theme: str, colours: int) -> None:
    async with page(theme, Abilities(colours)) as bench:
        looks = {who: look(bench, *names, colours=colours) for who, names in CLASSES.items()}
        near = {
            pair: found
            for pair in combinations(looks, 2)
            if (found := apart(looks[pair[0]], looks[pair[1]])) < APART
        }
        assert not near
        assert min(contrast(*pair) for pair in looks.values()) >= APART
        assert contrast(*looks["yours"]) >= APART**2


@pytest.mark.parametrize(("theme", "colours"), in_turns(THEMED, [ALL, 256], always=[ALL]))
async def test_all_text_of_the_page_can_be_read_in_every_theme(theme: str, colours: int) -> None:
    names = [name.removeprefix("page--") for name in COMPONENTS]
    async with page(theme, Abilities(colours)) as bench:
        unread = {
            layers: found
            for below in ((), ("origin-model",), ("origin-edited",), ("match",))
            for name in names
            if name != "dim"
            and (layers := (*below, name))
            and (found := contrast(*look(bench, *layers, colours=colours))) < APART
        }
        assert not unread


@pytest.mark.parametrize("theme", THEMED)
async def test_matches_and_the_selection_are_seen_in_every_theme(theme: str) -> None:
    async with page(theme) as bench:
        text, match = look(bench), look(bench, "match")
        assert apart(text, match) >= APART
        assert apart(match, look(bench, "match", "selection")) >= APART
        for names in CLASSES.values():
            _, below = look(bench, *names)
            _, selected = look(bench, *names, "selection")
            assert contrast(below, selected) >= 1.25, names
        assert contrast(text[1], look(bench, "selection")[1]) >= 1.5


@pytest.mark.parametrize(
    ("terminal", "theme"), in_turns([*TERMINALS], [*THEMED[:2], "solarized-dark", *OWN])
)
async def test_each_has_a_sign_that_needs_no_colour(terminal: str, theme: str) -> None:
    abilities = TERMINALS[terminal]
    async with page(theme, abilities) as bench:
        classes = {who: signs(bench, names, abilities) for who, names in CLASSES.items()}
        assert len(set(classes.values())) == len(classes), classes
        assert not classes["yours"]
        assert signs(bench, ("ghost",), abilities)  # also while no origins are shown


@pytest.mark.parametrize(
    ("terminal", "theme"), in_turns([*TERMINALS], [ON_DARK, ON_LIGHT, "ansi-dark", "ansi-light"])
)
async def test_few_colours_leave_a_sign_for_everything_else_too(terminal: str, theme: str) -> None:
    abilities = TERMINALS[terminal]
    async with page(theme, abilities) as bench:

        def sign(*names: str) -> frozenset[str]:
            return signs(bench, names, abilities)

        for names in CLASSES.values():
            assert sign(*names) != sign(*names, "cursor"), names
            if "ghost" not in names:  # it is gone as soon as something is selected
                assert sign(*names) != sign(*names, "selection"), names
                assert sign(*names) != sign(*names, "match"), names
        assert sign("match") != sign("match", "selection")
        assert sign("match") != sign("match", "cursor")
        assert sign("selection") != sign("selection", "cursor")
        assert sign("misspelled")
        assert sign("replaced")
        assert sign("token-0") - sign("token-4")
        assert sign("ghost", "token-0") != sign("ghost", "token-4")
        assert not abilities.dim or sign("dim")
        if not abilities.italic:
            assert sign("emphasis")


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("theme", OWN)
async def test_blocks_of_the_terminals_own_colours_are_told_apart(theme: str, palette: str) -> None:
    colours = PALETTES[palette]
    ink, paper = (colours[7], BLACK) if EVERY[theme].dark else (BLACK, WHITE)
    async with page(theme, Abilities(8)) as bench:

        def seen(*names: str) -> Look:
            style = style_of(bench.editor, names)
            assert style.color is not None
            assert style.bgcolor is not None
            text = ink if style.color.is_default else colours[style.color.number or 0]
            behind = paper if style.bgcolor.is_default else colours[style.bgcolor.number or 0]
            return (behind, text) if style.reverse else (text, behind)

        looks = [seen(*CLASSES[who]) for who in ("yours", "the model's", "changed")]
        looks.append(seen("selection"))
        assert all(apart(one, other) >= APART for one, other in combinations(looks[:3], 2))
        assert apart(looks[0], looks[3]) >= APART
        assert all(contrast(*pair) >= 2.6 for pair in looks)  # white on magenta; it is bold


async def test_eight_colours_are_eight() -> None:
    for theme in (ON_DARK, ON_LIGHT):
        async with page(theme, Abilities(8)) as bench:
            for name in COMPONENTS:
                style = style_of(bench.editor, (name.removeprefix("page--"),))
                for colour in (style.color, style.bgcolor):
                    assert colour is not None
                    assert colour.is_default or (colour.number or 0) < 8, name


@pytest.mark.parametrize("theme", THEMED)
def test_lines_around_the_page_can_be_read_in_every_theme(theme: str) -> None:
    given_ = legible(variables(EVERY[theme]))
    surface, ink = Color.parse(given_["surface"]), Color.parse(given_["foreground"])
    assert contrast(surface + ink.with_alpha(0.6), surface) >= APART
    for name in ("primary", "secondary", "accent", "warning", "error", "success"):
        text = Color.parse(given_[f"text-{name}"])
        assert contrast(text, surface) >= APART, name
        assert contrast(text, Color.parse(given_["background"])) >= APART, name


@pytest.mark.parametrize("theme", [theme for theme in EVERY.values() if theme.ansi])
def test_the_terminals_own_colours_stay_as_they_are(theme: Theme) -> None:
    assert legible(variables(theme)) == variables(theme)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), WHITE) == pytest.approx(4.48, abs=0.01)
    assert luminance(Color.parse("#ff0000")) == pytest.approx(0.2126)


parts = st.integers(0, 255)
colour = st.tuples(parts, parts, parts).map(lambda rgb: Color(*rgb))


@settings(deadline=None)
@given(colour, colour)
def test_three_tones_are_found_where_there_is_room_for_them(paper: Color, ink: Color) -> None:
    dark = luminance(paper) < luminance(ink)
    found = tones(paper, ink)
    if contrast(WHITE if dark else BLACK, paper) >= APART**2 + 1:
        assert contrast(found.ink, found.quiet) >= APART
        assert contrast(found.quiet, paper) >= APART
        block, far = found.block(ink), found.far_block(ink)
        assert contrast(block, paper) >= APART
        assert contrast(far, paper) >= APART
        assert contrast(far, block) >= APART
        for background in (block, far):
            assert contrast(found.as_paper(background), background) >= APART


@settings(deadline=None)
@given(colour, colour)
def test_any_text_is_made_readable(text: Color, background: Color) -> None:
    found = tones(background, text).readable(text, background)
    assert contrast(found, background) >= APART
    if contrast(text, background) >= APART:
        assert found == text


@settings(deadline=None)
@given(colour)
def test_the_nearest_of_256_is_near(wanted: Color) -> None:
    found = nearest_of_256(RichColor.from_rgb(*wanted.rgb))
    assert found.number is not None

    def distance(number: int) -> int:
        there = RichColor.from_ansi(number).get_truecolor()
        return sum((a - b) ** 2 for a, b in zip(there, wanted.rgb, strict=True))

    assert distance(found.number) == min(map(distance, range(16, 256)))
