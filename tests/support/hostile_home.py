"""A home in which everything that can hold a text holds a hostile one: drafts, names, models, the log."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from engines import READY
from hostile import ESCAPES, EVERYTHING
from make_gguf import PLAIN, gguf, write_gguf

from cowrite.core.context import Context
from cowrite.core.edits import Part
from cowrite.core.suggestion import Candidate, Params, StopReason, Timings, Token
from cowrite.core.task import Task
from cowrite.engine.protocol import Chunk, Done, Failed
from cowrite.paths import Paths
from cowrite.session.draft import DraftSession
from cowrite.store import Store

OTHER = "novel\x9b2J\x1b]0;INJECTED\x07"
"""A project of novelWriter's whose names and texts are hostile, in the home's folder."""
NAME = "d\x1b]0;INJECTED\x07\x9b2J\u202egnp\n.md"
MODEL = "m\x1b]2;INJECTED\x07\x9d0;INJECTED\x9c"


@dataclass(frozen=True, slots=True)
class HostileHome:
    """Where it all is."""

    folder: Path
    draft: Path
    model: Path
    session_id: str
    book: Path
    """A chapter of a project all of whose texts are hostile."""
    wrong: Path
    """A draft whose project's file is wrong in a hostile way."""

    @property
    def env(self) -> dict[str, str]:
        return {"COWRITE_HOME": str(self.folder / "home"), "HOME": str(self.folder)}


class _Mute:
    status = replace(READY, model_name=MODEL, model_sha256="0" * 64)

    def prepare(self, task: Task) -> None: ...

    def instruct(self, request_id: str, task: Task, params: Params) -> None: ...

    def warm(self, context: Context, params: object = None) -> None:
        pass

    def suggest(
        self, request_id: str, context: Context, params: Params, *, plain: bool = False
    ) -> None:
        pass

    def cancel(self, request_id: str | None = None) -> None:
        pass


def hostile_home(folder: Path) -> HostileHome:
    """Make one below `folder`."""
    home = folder / "home"
    paths = Paths(home / "config", home / "data", home / "cache", home / "state")
    draft = folder / NAME
    draft.write_text(
        f"# {EVERYTHING}\n\nOnce upon a time. {EVERYTHING}", encoding="utf-8", newline=""
    )
    with Store.open(paths.log_file) as store:
        session = DraftSession.open(draft, store=store, engine=_Mute())
        _write(session)
        assert session.journal is not None
        session_id = session.journal.session_id
        session.close("quit")
    book, wrong = hostile_books(folder)
    hostile_novel(folder / OTHER)
    return HostileHome(folder, draft, hostile_model(folder), session_id, book, wrong)


def hostile_books(folder: Path) -> tuple[Path, Path]:
    """A chapter of a project that is whole, and a draft of one that is not."""
    book, wrong = folder / "book\x1b]0;INJECTED\x07\x9b2J", folder / "wrong\x9b2J"
    book.mkdir()
    wrong.mkdir()
    names = {"notes": NAME, "lore": f"lore{NAME}", "gone": f"gone{NAME}"}
    listed = ", ".join(json.dumps(name) for name in (names["notes"], names["gone"]))
    (book / "cowrite.toml").write_text(
        f'[project]\nchapters = ["*.txt"]\nnotes = [{listed}]\nlore = {json.dumps(names["lore"])}\n'
    )
    (book / names["notes"]).write_text(EVERYTHING, encoding="utf-8", newline="")
    lore = "".join(f"## Once {evil}\nKeys: Once\n\n{evil}\n\n" for evil in ESCAPES.values())
    (book / names["lore"]).write_text(lore, encoding="utf-8", newline="")
    chapter = book / "1\x1b]0;INJECTED\x07.txt"
    chapter.write_text(f"Once upon a time. {EVERYTHING}", encoding="utf-8", newline="")
    (wrong / "cowrite.toml").write_text('[project]\n"x\\u001b]0;INJECTED\\u0007" = 1\n')
    (wrong / "a.md").write_text("Once upon a time.")
    return chapter, wrong / "a.md"


def hostile_novel(folder: Path) -> None:
    """A novelWriter project; XML holds no control codes but C1 and bidi ones."""
    evil = "".join(c for c in EVERYTHING if c >= " " and c not in "<>&\x7f")
    (folder / "content").mkdir(parents=True)
    items = "".join(
        f'<item handle="a{n}" parent="None" order="{n}" type="FILE" class="{group}" layout="DOCUMENT">'
        f"<name>{evil}</name></item>"
        for n, group in enumerate(("NOVEL", "ARCHIVE", "CHARACTER", "NOVEL"))
    )
    (folder / "nwProject.nwx").write_text(
        f"<novelWriterXML><project><name>{evil}</name></project><content>{items}</content></novelWriterXML>",
        encoding="utf-8",
    )
    for number in range(3):
        text = f"## {EVERYTHING}\n\nOnce. {EVERYTHING}"
        (folder / "content" / f"a{number}.nwd").write_text(
            text.replace("\0", ""), encoding="utf-8", newline=""
        )


def _write(session: DraftSession) -> None:
    """Suggestions that were taken, changed, refused, passed over, or that failed."""
    for number, evil in enumerate(ESCAPES.values()):
        session.select(len(session.document), len(session.document))
        session.type(f" Then {evil}")
        session.requests.ask()
        suggestion = session.suggestion
        assert suggestion is not None
        texts = [f" {evil} came.", f" else {evil}", f"\n{evil}"]
        session.answers.receive(Chunk(suggestion.suggestion_id, 0, texts[0]))
        candidates = tuple(Candidate(t, (Token(t, -1.0),), StopReason.SENTENCE) for t in texts)
        if number % 5 == 4:
            session.answers.receive(Failed(suggestion.suggestion_id, evil, evil))
            continue
        session.answers.receive(Done(suggestion.suggestion_id, candidates, 1, 0, Timings(), seed=1))
        match number % 5:
            case 0:
                session.accepting.accept(Part.ALL)
            case 1:
                session.accepting.accept_edited(f" {evil} went.")
            case 2:
                session.suggestions.reject()
            case _:
                session.type("x")
    session.file.save()


def hostile_model(folder: Path) -> Path:
    """A GGUF file that is whole, named and described by the hostile."""
    text = EVERYTHING[:2000]
    values = dict(PLAIN) | {
        "general.name": ("text", text),
        "general.license": ("text", text),
        "general.description": ("text", text),
        f"x.{text[:200]}": ("text", text),
        "tokenizer.chat_template": ("text", "{{ " + text),
    }
    split = {"split.no": ("u16", 1), "split.count": ("u16", 2)}
    write_gguf(folder / "\x1b]0;INJECTED\x07-00002-of-00002.gguf", gguf(split))
    model = folder / "evil\x1b]0;INJECTED\x07\x9b2J.gguf"
    return write_gguf(model, gguf(values))
