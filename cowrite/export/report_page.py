"""The statistics as a page with charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cowrite.core.wording import counted
from cowrite.export.page import page, text

Row = tuple[str, float | None, str]
"""A name, a share from 0 to 1 (None: not known), and a remark."""

WIDTH = 400
"""Units of the curve's picture: not many more than a phone has, so that its letters can be read there."""

_COLOURS = {"typed": "a", "the model": "b", "pasted": "d", "from the file": "line"}
"""The authors' colours, as the pages of provenance have them."""
_AUTHORS = {"writer": "typed", "model": "the model", "paste": "pasted", "file": "from the file"}


def stats_page(total: dict[str, Any], groups: Sequence[dict[str, Any]], by: str | None) -> str:
    """The page for the report of `session.statistics`, as one string."""
    acceptance, draft = total["acceptance"], total["draft"]
    keys, characters = total["keystrokes"], total["characters"]
    cards = [
        (f"{total['requests']:,}", "suggestions asked for"),
        (percent(acceptance["seen"]), "taken, of those seen"),
        (percent(acceptance["characters"]), "taken, by characters"),
        (percent(characters["kept_share"]), "of it kept"),
        (percent(total["kept"]["wrong_show"]), "of those seen wrong to show"),
        (percent(draft["model_share"]), "of the drafts by the model"),
        (
            f"{abs(keys['saved']):,}",
            "keystrokes saved"
            if keys["saved"] >= 0
            else "keystrokes more than without suggestions",
        ),
    ]
    parts = [
        "<h1>Writing with cowrite</h1>",
        f'<p class="lead">{text(_lead(total))}</p>',
        f'<p class="soft">{counted(total["sessions"], "session")}, {counted(total["drafts"], "draft")}, '
        f"{counted(total['shown'], 'suggestion')} shown, {total['seen']:,} of them for 0.75 s or more.</p>",
        '<div class="cards">'
        + "".join(
            f'<div class="card"><b>{text(value)}</b><span>{text(name)}</span></div>'
            for value, name in cards
        )
        + "</div>",
        _section("Outcomes", bars(_outcomes(total))),
        _section(
            "What of the taken text is still there",
            curve(total["retention"]),
            "The share of the inserted characters that still stands, by time since the acceptance. "
            "The dots' size tells of how many texts that is known.",
        ),
        _section(
            "Acceptance by waiting time",
            bars(_latency(total)),
            "Of the suggestions seen, those of which something was taken, by the time from the "
            "request to the first word.",
        ),
        _section("Who wrote the drafts as they are now", bars(_shares(draft), _COLOURS)),
        _section("Who began their sentences", bars(_counts(total["kept"]["openers"]), _COLOURS)),
        _section(
            "Worth the look, by kind of place",
            _places(total["kept"]),
            "After 10 s: the share of the taken characters that still stood when the draft had been left "
            "alone for 10 s; at the end: of the session. Wrong: of the suggestions seen, those that were "
            "refused or typed over, or of which less than half stands. Said anyway: of the first 50 "
            "characters typed after a refusal, the share that the refused text had, too.",
        ),
        _section("Why nothing was shown", bars(_counts(total["quiet"]))),
        _section("What was said of suggestions", bars(_counts(total["reasons"]))),
    ]
    if by and groups:
        parts.append(_section(f"By {by}", _table(groups, by)))
    return page("Writing with cowrite", "\n".join(part for part in parts if part))


def _lead(total: dict[str, Any]) -> str:
    """What matters, in a sentence: what of the suggestions was kept, and whose words the drafts are."""
    by = total["draft"]["by"]
    own, model = by.get("writer", 0), by.get("model", 0)
    parts = []
    kept = total["characters"]["kept_share"]
    if kept is not None:
        parts.append(f"you kept {percent(kept)} of what you took from suggestions")
    here = own + model + by.get("paste", 0)
    if here:
        parts.append(f"{percent(own / here)} of what was written here is your own typing")
    said = ", and ".join(parts) or "nothing was written or suggested yet"
    return f"{said[0].upper()}{said[1:]}."


def percent(share: float | None) -> str:
    """A share for people; a dash where there is nothing to divide by."""
    return "–" if share is None else f"{share * 100:.0f} %"


def _section(title: str, content: str, note: str = "") -> str:
    if not content:
        return ""
    said = f'<p class="soft">{text(note)}</p>' if note else ""
    return f"<h2>{text(title)}</h2>\n{said}{content}"


def _outcomes(total: dict[str, Any]) -> list[Row]:
    asked = total["requests"] or 1
    return [
        (name.replace("_", " "), count / asked, f"{count:,}")
        for name, count in total["outcomes"].items()
        if count
    ]


def _latency(total: dict[str, Any]) -> list[Row]:
    return [
        (
            f"{one['from_ms']}–{one['below_ms']} ms"
            if one["below_ms"]
            else f"{one['from_ms']} ms +",
            one["acceptance"],
            f"{one['seen']:,} seen",
        )
        for one in total["latency"]
        if one["seen"]
    ]


def _shares(draft: dict[str, Any]) -> list[Row]:
    """What was written here, by author; a file's own text would squeeze the rest, and gets no bar."""
    here = draft["length"] - draft["by"].get("file", 0)
    return [
        (
            _AUTHORS.get(author, author),
            None if author == "file" or not here else count / here,
            f"{count:,} characters",
        )
        for author, count in draft["by"].items()
        if count
    ]


def _counts(counts: dict[str, int]) -> list[Row]:
    whole = sum(counts.values())
    return [
        (_AUTHORS.get(name, name), count / whole, f"{count:,}") for name, count in counts.items()
    ]


def _places(kept: dict[str, Any]) -> str:
    shares = ("rest", "end", "wrong_show", "refused_overlap")
    rows = [
        [
            one.get("place", "all"),
            *(f"{one[name]:,}" for name in ("asked", "seen", "took")),
            *(percent(one[name]) for name in shares),
        ]
        for one in (*kept["places"], kept)
    ]
    head = ("place", "asked", "seen", "taken", "after 10 s", "at the end", "wrong", "said anyway")
    return table(head, rows) if kept["places"] else ""


def bars(rows: Sequence[Row], colours: Mapping[str, str] | None = None) -> str:
    """Horizontal bars, which a narrow screen shows below their names; nothing for no rows.

    colours: by a row's name, where they aren't all about suggestions.
    """
    if not rows:
        return ""
    out = ['<div class="bars">']
    for name, share, remark in rows:
        width = 100 * min(1.0, max(0.0, share or 0.0))
        colour = (colours or {}).get(name, "b")
        out.append(
            f'<span class="name">{text(name)}</span>'
            f'<span class="said">{percent(share)} <span class="soft">{text(remark)}</span></span>'
            f'<span class="bar"><i style="width:{width:.1f}%;background:var(--{colour})"></i></span>'
        )
    return "".join([*out, "</div>"])


def curve(retention: Sequence[dict[str, Any]]) -> str:
    """The retention curve as SVG: the share kept, from the acceptance on."""
    known = [one for one in retention if one["kept"] is not None]
    if not known:
        return ""
    left, top, width, height = 44, 12, WIDTH - 66, 130
    step = width / len(known)
    most = max(one["texts"] for one in known)
    points = [(float(left), float(top))]
    out = [f'<svg viewBox="0 0 {WIDTH} {height + 50}" role="img">']
    for mark in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = top + height * (1 - mark)
        out.append(
            f'<line x1="{left}" x2="{left + width}" y1="{y}" y2="{y}" stroke="var(--line)"/>'
            f'<text class="soft" x="{left - 8}" y="{y + 4}" text-anchor="end">{mark * 100:.0f} %</text>'
        )
    dots = []
    for index, one in enumerate(known, 1):
        x, y = left + step * index, top + height * (1 - one["kept"])
        points.append((x, y))
        size = 3 + 4 * (one["texts"] / most) ** 0.5
        label = "end" if one["at"] == "end" else one["at"].replace("s", " s")
        dots.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="var(--b)">'
            f"<title>{percent(one['kept'])} of {one['texts']} texts</title></circle>"
            f'<text x="{x:.1f}" y="{top + height + 18}" text-anchor="middle">{label}</text>'
            f'<text class="soft" x="{x:.1f}" y="{top + height + 33}" text-anchor="middle">'
            f"{percent(one['kept'])}</text>"
        )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    out.append(f'<polyline points="{line}" fill="none" stroke="var(--b)" stroke-width="2"/>')
    return "".join([*out, *dots, "</svg>"])


def _table(groups: Sequence[dict[str, Any]], by: str) -> str:
    names = (by, "asked", "seen", "taken of seen", "by characters", "kept", "saved keys")
    rows = [
        (
            one["label"],
            f"{one['requests']:,}",
            f"{one['seen']:,}",
            percent(one["acceptance"]["seen"]),
            percent(one["acceptance"]["characters"]),
            percent(one["characters"]["kept_share"]),
            f"{one['keystrokes']['saved']:,}",
        )
        for one in groups
    ]
    return table(names, rows)


def table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table that can be moved sideways where the page is narrow."""
    head = "".join(f"<th>{text(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'
