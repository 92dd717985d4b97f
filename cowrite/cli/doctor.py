"""`cowrite doctor`: is everything as it should be here?"""

from __future__ import annotations

from typing import Annotated

import typer

from cowrite.cli.checks import findings
from cowrite.cli.finding import Verdict
from cowrite.cli.output import as_json, columns, data, note
from cowrite.paths import user_paths


def doctor(json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Look over this installation: Python, terminal, SQLite, llama.cpp, models, folders, disk.

    Nothing is changed. Exits with 1 where something needs mending.
    """
    found = list(findings(user_paths()))
    problems = sum(finding.verdict is Verdict.PROBLEM for finding in found)
    if json:
        engine = next((finding.facts for finding in found if finding.topic == "engine"), {})
        as_json({"ok": not problems, "engine": engine, "findings": found})
    else:
        columns([(finding.verdict, finding.topic, finding.text) for finding in found])
        hints = [f"{finding.topic}: {finding.hint}" for finding in found if finding.hint]
        if hints:
            data("\nTo do:\n  " + "\n  ".join(hints))
        note(f"{problems} to mend." if problems else "All is well.")
    if problems:
        raise typer.Exit(1)
