"""The card of a data set: YAML that its tools read, then what a person should know before using it."""

from __future__ import annotations

import json

from cowrite.export.contents import Contents
from cowrite.export.source import About

_ABOUT = [
    ("suffix", "string"),
    ("reason", "string"),
    ("weight", "float64"),
    ("outcome", "string"),
    ("suggestion_id", "string"),
    ("session_id", "string"),
    ("document", "string"),
    ("requested_at", "string"),
    ("model", "string"),
    ("model_sha256", "string"),
    ("quantisation", "string"),
    ("adapter", "string"),
    ("learned", "string"),
    ("app_version", "string"),
]

FEATURES: dict[str, list[tuple[str, str]]] = {
    "sft": [("prompt", "string"), ("completion", "string"), *_ABOUT],
    "preference": [("prompt", "string"), ("chosen", "string"), ("rejected", "string"), *_ABOUT],
    "kto": [("prompt", "string"), ("completion", "string"), ("label", "bool"), *_ABOUT],
    "events": [
        ("session_id", "string"),
        ("seq", "int64"),
        ("mono_ms", "int64"),
        ("wall_ms", "int64"),
        ("type", "string"),
        ("data", "string"),
    ],
}

_MEANING = {
    "prompt": "the draft before the place, as the model saw it",
    "completion": "the text at the place",
    "chosen": "the text that the writer wanted",
    "rejected": "the text that the writer did not want",
    "label": "whether the writer wanted the completion",
    "suffix": "the draft behind the place",
    "reason": "the rule that made the row",
    "weight": "1, or less where the sign is weak",
    "outcome": "what the writer did with the suggestion",
    "suggestion_id": "rows of one suggestion share it",
    "session_id": "the writing session",
    "document": "the draft; splits keep drafts whole",
    "requested_at": "when it was asked for (UTC)",
    "model": "the model that wrote",
    "model_sha256": "of the model's file",
    "quantisation": "of the model's file; empty where it is not known",
    "adapter": "a trained addition to the model, NAME@sha256:HASH; empty without",
    "learned": "what else was learned from the writer and in use, divided by commas; empty without",
    "app_version": "of cowrite",
    "seq": "counts the events of a session from 1",
    "mono_ms": "milliseconds since the session's start",
    "wall_ms": "milliseconds since 1970",
    "type": "what happened",
    "data": "what is special to the type, as JSON",
}

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(contents: Contents, about: About, redaction: dict[str, int] | None) -> str:
    """The whole README.md."""
    return (
        "---\n"
        + "\n".join(_yaml(contents, about))
        + "\n---\n\n"
        + _prose(contents, about, redaction)
    )


def _yaml(contents: Contents, about: About) -> list[str]:
    """The block for tools. Strings are JSON, which YAML reads; file names and types are this module's."""
    most = max((sum(parts.values()) for parts in contents.files.values()), default=0)
    size = next((name for edge, name in _SIZES if most < edge), "n>1M")
    lines = ["license: other", "license_name: not-chosen"]
    if about.language:
        lines += ["language:", f"- {json.dumps(about.language)}"]
    lines += [
        'pretty_name: "Writing with cowrite"',
        "tags:",
        *("- cowrite", "- co-writing", "- human-feedback", "- preference"),
        "task_categories:",
        "- text-generation",
        "size_categories:",
        f"- {size}",
        "configs:" if contents.files else "configs: []",
    ]
    for config, parts in contents.files.items():
        lines += [f"- config_name: {config}", "  data_files:"]
        for part in parts:
            lines += [f"  - split: {part}", f"    path: {config}/{part}.jsonl"]
    if contents.files:
        lines.append("dataset_info:")
    for config in contents.files:
        lines += [f"- config_name: {config}", "  features:"]
        for name, dtype in FEATURES[config]:
            lines += [f"  - name: {name}", f"    dtype: {dtype}"]
    return lines


def _prose(contents: Contents, about: About, redaction: dict[str, int] | None) -> str:
    parts = [
        "# Writing with cowrite\n",
        "What a writer did with the suggestions of a language model, exported by cowrite "
        f"{about.app_version}. Suggestions: {contents.suggestions}; sessions: {contents.sessions}; drafts: "
        f"{len(contents.drafts)}.\n",
        _rows(contents, about),
        "## Outcomes\n",
        "| outcome | suggestions |\n|---|---:|\n"
        + "".join(f"| {name} | {count} |\n" for name, count in sorted(contents.outcomes.items())),
    ]
    if contents.taken:
        mean = contents.kept / contents.taken
        parts.append(
            f"Of the text that was taken, {mean * 100:.1f} % of each stood at the end on average.\n"
        )
    parts += [_use(contents), _columns(contents), _models(contents, about), _private(redaction)]
    parts.append(
        "## Licence\n\nNone is chosen yet. The drafts are their writer's; what the models wrote is under "
        "their terms, above. Choose one, and say it in the first line of this card, before you publish.\n"
    )
    return "\n".join(parts)


def _rows(contents: Contents, about: About) -> str:
    names = list(about.parts)
    lines = [f"| configuration | {' | '.join(names)} |", "|---|" + "---:|" * len(names)]
    for config, counts in contents.files.items():
        lines.append(f"| {config} | {' | '.join(str(counts.get(name, 0)) for name in names)} |")
    said = "\n".join(lines) + "\n"
    if about.share is not None:
        said += (
            f"\nThe split keeps every draft whole: {about.share:.0%} of the drafts are for testing, "
            f"drawn with seed {about.seed}.\n"
        )
    return said


def _use(contents: Contents) -> str:
    """How trainers read it, and what to mind."""
    if not contents.files:
        return "## Use\n\nThere are no rows yet.\n"
    config = next(iter(contents.files))
    said = (
        f'`datasets.load_dataset("this/folder", "{config}")`. The columns are those that TRL reads: SFT '
        "(`prompt`, `completion`), DPO (`prompt`, `chosen`, `rejected`), KTO (`prompt`, `completion`, "
        "`label`). Prompts are plain prose for base models; a completion begins with its own space.\n\n"
        "- A completion ends where the suggestion did, mostly with a sentence. Trainers put an end-of-text "
        "token behind it: leave that out if the model should go on.\n"
        "- Pairs whose `reason` is `edited` are often nearly the same text; alone, DPO makes both less "
        "likely. Add a supervised term, or leave those out.\n"
        "- Several rows come from one suggestion (`suggestion_id`) and one draft (`document`), and prompts "
        "of a draft overlap: split by document, never by row.\n"
    )
    return f"## Use\n\n{said}"


def _columns(contents: Contents) -> str:
    used: dict[str, str] = {}
    for config in contents.files:
        used.update(FEATURES[config])
    lines = [f"| {name} | {dtype} | {_MEANING[name]} |" for name, dtype in used.items()]
    return "## Columns\n\n| column | type | what it is |\n|---|---|---|\n" + "\n".join(lines) + "\n"


def _models(contents: Contents, about: About) -> str:
    lines = []
    for sha, name in sorted(contents.models.items(), key=lambda one: (one[1], one[0])):
        known = about.models.get(sha)
        licence = f"{known.licence}: {known.terms}" if known else "not known to this cowrite"
        lines.append(f"| {_cell(name)} | `{_cell(sha)}` | {_cell(licence)} |")
    return "## Models\n\n| model | sha256 | licence |\n|---|---|---|\n" + "\n".join(lines) + "\n"


def _private(redaction: dict[str, int] | None) -> str:
    if redaction is None:
        said = "Nothing was redacted: the texts are as they were written.\n"
    else:
        found = (
            "".join(f"- {count} x {kind}\n" for kind, count in sorted(redaction.items()))
            or "- nothing was found\n"
        )
        said = (
            "Replaced by their kind in brackets, by patterns and a list of the writer's; patterns miss "
            "things, so read before you publish. Texts of events are masked to their shape (letters as "
            f"x, digits as 0), since a secret is typed key by key. Names of drafts have no folders.\n\n{found}"
        )
    return f"## What is private\n\n{said}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
