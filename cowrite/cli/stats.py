"""`cowrite stats`: what was suggested, what was kept of it, and whose text the drafts are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from cowrite.cli.choosing import DraftOption, ModelOption, SinceOption, UntilOption
from cowrite.core.wording import counted
from cowrite.errors import UsageError, unknown
from cowrite.paths import expanded

AUTHORS = {"writer": "typed", "model": "the model", "paste": "pasted", "file": "from the file"}

BAR = 30
"""Cells of a bar that stands for all."""


def stats(
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="GROUP", help="Also by model, document, week or params."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page with charts; - for stdout."),
    ] = None,
    document: DraftOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    model: ModelOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the page.")] = False,
) -> None:
    """Show what was suggested and what you kept of it.

    Acceptance counts suggestions of which something was taken: of all requests, of those that were on
    screen for 0.75 s or more, and by characters. The tour, and drafts that `cowrite log scratch` marked, are
    left out unless --document names one.
    """
    from cowrite.cli import output
    from cowrite.cli.streams import counting
    from cowrite.config import load
    from cowrite.logbook import groups as by_group
    from cowrite.logbook import source as logbook
    from cowrite.logbook import statistics
    from cowrite.logbook.renaming import draft_called
    from cowrite.paths import user_paths

    if by is not None and by not in by_group.GROUPINGS:
        raise unknown("grouping", by, by_group.GROUPINGS)
    choice = logbook.Choice(
        document,
        logbook.moment(since) if since else None,
        logbook.moment(until) if until else None,
    )
    paths = user_paths()
    with logbook.reading(paths) as log, counting("sessions") as progress:
        if document is not None:
            choice = replace(choice, document=draft_called(log, document))
        models = None if model is None else logbook.models_called(log, model)
        scratch = load(paths, None).log.scratch
        sessions = statistics.read_figures(log, paths, choice, progress, scratch)
    total = statistics.report(statistics.summed_up(sessions, models))
    groups = (
        [statistics.report(one) for one in by_group.grouped(sessions, by, models)] if by else []
    )
    if html is not None:
        if as_json and str(html) == "-":
            raise UsageError("--html - and --json both go to stdout.", "Name a file for the page.")
        _write_page(expanded(html), total, groups, by, force=force)
    if as_json:
        output.as_json({**total, **({"by": by, "groups": groups} if by else {})})
    elif html is None:
        show(total, groups, by)


def _write_page(
    path: Path, total: dict[str, Any], groups: list[dict[str, Any]], by: str | None, *, force: bool
) -> None:
    from cowrite.cli.output import note
    from cowrite.cli.streams import data_stream
    from cowrite.export import whole_file
    from cowrite.export.report_page import stats_page

    page = stats_page(total, groups, by).encode("utf-8", "replace")
    if str(path) == "-":
        data_stream().write(page)
        data_stream().flush()
        return
    with whole_file(path, force=force) as out:
        out.write(page)
    note(f"The page is in {path}")


def show(total: dict[str, Any], groups: list[dict[str, Any]], by: str | None) -> None:
    """The figures on the terminal."""
    from cowrite.cli.output import data

    if total["served"]:
        data(
            f"{counted(total['served'], 'request')} of other programs, which are counted here alone."
        )
    if not total["requests"]:
        data(f"{counted(total['sessions'], 'session')}, no suggestion asked for yet.\n")
        _show_shares(total)
        return
    data(
        f"{counted(total['sessions'], 'session')}, {counted(total['drafts'], 'draft')}, "
        f"{counted(total['requests'], 'suggestion')} "
        f"({total['shown']} shown, {total['seen']} for 0.75 s or more)\n"
    )
    _show_bars("Outcomes", _outcomes(total))
    acceptance = total["acceptance"]
    _show_bars(
        "Acceptance",
        [
            ("of all requests", acceptance["plain"], ""),
            ("of those seen", acceptance["seen"], ""),
            ("by characters", acceptance["characters"], ""),
        ],
    )
    _show_bars(
        "Still there after",
        [
            (
                _at(one["at"]),
                one["kept"],
                f"{counted(one['texts'], 'text')}, {percent(one['unchanged'])} unchanged",
            )
            for one in total["retention"]
            if one["texts"]
        ],
    )
    _show_bars(
        "Acceptance by time to the first word",
        [
            (_range(one), one["acceptance"], f"{one['seen']} seen")
            for one in total["latency"]
            if one["seen"]
        ],
    )
    characters, keys = total["characters"], total["keystrokes"]
    data(
        f"Characters   {characters['inserted']} taken, {characters['kept']} kept "
        f"({percent(characters['kept_share'])})"
    )
    data(
        f"Keystrokes   {saving(keys)}, {keys['spent']} spent on suggestions "
        f"({percent(abs(keys['saved_share'] or 0.0))} of what was written)\n"
    )
    _show_shares(total)
    _show_kept(total)
    if by:
        _show_groups(groups, by)


def saving(keys: dict[str, Any]) -> str:
    """How many keystrokes suggestions have saved, or cost."""
    saved: int = keys["saved"]
    return f"{saved:,} saved" if saved >= 0 else f"{-saved:,} more than without suggestions"


def _show_kept(total: dict[str, Any]) -> None:
    """Whether what was shown was worth its look, by kind of place; and why nothing was shown."""
    from cowrite.cli.output import columns, data

    kept = total["kept"]
    header = ("place", "asked", "seen", "taken", "after 10 s", "at the end", "wrong", "said anyway")
    rows = [(one["place"], *_of_place(one)) for one in kept["places"]]
    columns([*rows, ("all", *_of_place(kept))] if len(rows) > 1 else rows, header)
    if kept["now"] is not None:
        data(f"Of what the model wrote, {percent(kept['now'])} stands in the drafts now.")
    data("")
    _show_counts("Who began the sentences", kept["openers"])
    _show_counts("Why nothing was shown", total["quiet"])
    _show_counts("What you said of suggestions", total["reasons"])


def _of_place(one: dict[str, Any]) -> tuple[str, ...]:
    shares = ("rest", "end", "wrong_show", "refused_overlap")
    counts = (one["asked"], one["seen"], one["took"])
    return (*map(str, counts), *(percent(one[name]) for name in shares))


def _show_counts(title: str, counts: dict[str, int]) -> None:
    """How often each of several things was, as shares of all of them."""
    whole = sum(counts.values())
    _show_bars(
        title,
        [(AUTHORS.get(name, name), count / whole, str(count)) for name, count in counts.items()],
    )


def _outcomes(total: dict[str, Any]) -> list[tuple[str, float | None, str]]:
    return [
        (name.replace("_", " "), count / total["requests"], str(count))
        for name, count in total["outcomes"].items()
        if count
    ]


def _show_shares(total: dict[str, Any]) -> None:
    from cowrite.cli.output import data

    by: dict[str, int] = dict(total["draft"]["by"])
    brought = by.pop("file", 0)
    written = sum(by.values())
    if written:
        rows: list[tuple[str, float | None, str]] = [
            (AUTHORS.get(author, author), count / written, f"{count:,} characters")
            for author, count in by.items()
            if count
        ]
        _show_bars("What was written here, by who wrote it, as it stands now", rows)
    if brought:
        data(f"Besides, {brought:,} characters were in the files already.\n")


def _show_bars(title: str, rows: list[tuple[str, float | None, str]]) -> None:
    """Rows of (name, share, remark) as bars."""
    from cowrite.cli.output import data

    if not rows:
        return
    width = max(len(name) for name, _, _ in rows)
    data(title)
    for name, share, remark in rows:
        data(f"  {name:<{width}}  {bar(share)} {percent(share):>5}  {remark}".rstrip())
    data("")


def _show_groups(groups: list[dict[str, Any]], by: str) -> None:
    from cowrite.cli.output import columns, data
    from cowrite.logbook.statistics import short_label

    header = (by, "asked", "seen", "taken", "of seen", "by chars", "kept", "saved keys")
    rows = [
        (
            short_label(one["label"]),
            str(one["requests"]),
            str(one["seen"]),
            str(sum(one["outcomes"][name] for name in ("accepted", "accepted_partial", "edited"))),
            percent(one["acceptance"]["seen"]),
            percent(one["acceptance"]["characters"]),
            percent(one["characters"]["kept_share"]),
            str(one["keystrokes"]["saved"]),
        )
        for one in groups
    ]
    columns(rows, header)
    data("")
    _show_bars(
        f"Acceptance of those seen, by {by}",
        [
            (short_label(one["label"]), one["acceptance"]["seen"], f"{one['seen']} seen")
            for one in groups
            if one["seen"]
        ],
    )


def bar(share: float | None) -> str:
    """A bar of eighths of cells."""
    eighths = round((share or 0) * BAR * 8)
    full, rest = divmod(max(0, min(eighths, BAR * 8)), 8)
    return ("█" * full + (" ▏▎▍▌▋▊▉"[rest] if rest else "")).ljust(BAR)


def percent(share: float | None) -> str:
    """A share for people; a dash where there is nothing to divide by."""
    return "–" if share is None else f"{share * 100:.0f} %"


def _at(at: str) -> str:
    if at == "end":
        return "the session"
    seconds = int(at.removesuffix("s"))
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def _range(one: dict[str, Any]) -> str:
    low, high = one["from_ms"], one["below_ms"]
    return f"{low}–{high} ms" if high else f"{low} ms and more"
