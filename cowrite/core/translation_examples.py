"""The examples of translating, written for cowrite: three sentences, into each language of the presets."""

from __future__ import annotations

from cowrite.core.task import Example

TRANSLATIONS: dict[str, tuple[Example, ...]] = {
    "translate-de": (
        Example(
            "The man sits in the kitchen and drinks coffee.",
            "Der Mann sitzt in der Küche und trinkt Kaffee.",
        ),
        Example(
            "Eva was tired, but she did not want to sleep.",
            "Eva war müde, aber sie wollte nicht schlafen.",
        ),
        Example(
            "It rained for 30 days, and the river came up to the houses.",
            "Es regnete 30 Tage lang, und der Fluss stieg bis zu den Häusern.",
        ),
    ),
    "translate-fr": (
        Example(
            "The man sits in the kitchen and drinks coffee.",
            "L'homme est assis dans la cuisine et boit du café.",
        ),
        Example(
            "Eva was tired, but she did not want to sleep.",
            "Eva était fatiguée, mais elle ne voulait pas dormir.",
        ),
        Example(
            "It rained for 30 days, and the river came up to the houses.",
            "Il a plu pendant 30 jours, et la rivière est montée jusqu'aux maisons.",
        ),
    ),
    "translate-es": (
        Example(
            "The man sits in the kitchen and drinks coffee.",
            "El hombre está sentado en la cocina y toma café.",
        ),
        Example(
            "Eva was tired, but she did not want to sleep.",
            "Eva estaba cansada, pero no quería dormir.",
        ),
        Example(
            "It rained for 30 days, and the river came up to the houses.",
            "Llovió durante 30 días y el río subió hasta las casas.",
        ),
    ),
    "translate-it": (
        Example(
            "The man sits in the kitchen and drinks coffee.",
            "L'uomo è seduto in cucina e beve il caffè.",
        ),
        Example(
            "Eva was tired, but she did not want to sleep.",
            "Eva era stanca, ma non voleva dormire.",
        ),
        Example(
            "It rained for 30 days, and the river came up to the houses.",
            "Piovve per 30 giorni e il fiume salì fino alle case.",
        ),
    ),
    "translate-nl": (
        Example(
            "The man sits in the kitchen and drinks coffee.",
            "De man zit in de keuken en drinkt koffie.",
        ),
        Example(
            "Eva was tired, but she did not want to sleep.",
            "Eva was moe, maar ze wilde niet slapen.",
        ),
        Example(
            "It rained for 30 days, and the river came up to the houses.",
            "Het regende 30 dagen lang en de rivier steeg tot aan de huizen.",
        ),
    ),
    "translate-pt": (
        Example(
            "The man sits in the kitchen and drinks coffee.",
            "O homem está sentado na cozinha e bebe café.",
        ),
        Example(
            "Eva was tired, but she did not want to sleep.",
            "A Eva estava cansada, mas não queria dormir.",
        ),
        Example(
            "It rained for 30 days, and the river came up to the houses.",
            "Choveu durante 30 dias, e o rio subiu até às casas.",
        ),
    ),
    "translate-en": (
        Example(
            "Der Mann sitzt in der Küche und trinkt Kaffee.",
            "The man sits in the kitchen and drinks coffee.",
        ),
        Example(
            "Eva était fatiguée, mais elle ne voulait pas dormir.",
            "Eva was tired, but she did not want to sleep.",
        ),
        Example(
            "Llovió durante 30 días y el río subió hasta las casas.",
            "It rained for 30 days, and the river came up to the houses.",
        ),
    ),
}
"""By the name of the preset."""
