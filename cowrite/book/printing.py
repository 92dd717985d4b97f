"""A book as PDF, by whichever typesetter is there."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

from cowrite.book.nodes import paragraph, raw
from cowrite.book.pandoc import Node, pandoc, tree_bytes
from cowrite.book.sheets import HTML_CSS, TYPST_TEMPLATE
from cowrite.book.work import Work
from cowrite.errors import CowriteError

_LATEX = ("lualatex", "xelatex", "pdflatex")
_WEB = ("weasyprint", "prince")
MISSING = (
    "pip install 'cowrite[book]' brings typst; a typst, lualatex, xelatex or weasyprint on the PATH serves as "
    "well. Word processors make a PDF of --to docx, too."
)
_PATIENCE_S = 600


def printed(work: Work, folder: Path) -> bytes:
    """The book's PDF. folder: for files that are needed meanwhile. Raises CowriteError."""
    if importlib.util.find_spec("typst") is not None or shutil.which("typst"):
        return _by_typst(work, folder)
    found = next((name for name in (*_LATEX, *_WEB) if shutil.which(name)), None)
    if found is None:
        raise CowriteError("A PDF needs a typesetter, and there is none.", MISSING)
    return _by_latex(work, folder, found) if found in _LATEX else _by_web(work, folder, found)


def _by_typst(work: Work, folder: Path) -> bytes:
    source, template, out = folder / "book.typ", folder / "book.template", folder / "book.pdf"
    template.write_text(TYPST_TEMPLATE)
    scene = raw("typst", "#align(center, block(above: 1.4em, below: 1.4em)[\\* \\* \\*])")
    page = work.book.page
    meta = dict(work.meta)
    author = page.author.replace("\\", "\\\\").replace('"', '\\"')
    meta["author-text"] = {"t": "MetaInlines", "c": [raw("typst", author, inline=True)]}
    language = work.book.language.partition("-")[0]
    meta["language"] = {"t": "MetaInlines", "c": [raw("typst", language, inline=True)]}
    if work.composed.chapter == 2:
        meta["parts"] = {"t": "MetaBool", "c": True}
    arguments = ["-f", "json", "-t", "typst", "--template", str(template), "-o", str(source)]
    pandoc(arguments, tree_bytes(work.blocks([scene]), meta))
    if importlib.util.find_spec("typst") is not None:
        import typst

        try:
            typst.compile(str(source), output=str(out), root="/")
        except RuntimeError as error:
            raise CowriteError(
                f"typst failed: {str(error)[:400]}", "What is said above comes from it."
            ) from error
    else:
        _called(["typst", "compile", "--root", "/", str(source), str(out)])
    return out.read_bytes()


def _called(words: list[str]) -> None:
    done = subprocess.run(words, capture_output=True, timeout=_PATIENCE_S, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise CowriteError(
            f"{words[0]} failed: {said[:400]}", "What is said above comes from that program."
        )


def _by_latex(work: Work, folder: Path, engine: str) -> bytes:
    out = folder / "book.pdf"
    scene = raw("latex", r"\begin{center}* * *\end{center}")
    arguments = ["-V", "documentclass=book", "-V", "classoption=oneside"]
    top = "part" if work.composed.chapter == 2 else "chapter"
    arguments += ["--top-level-division", top, "-V", "colorlinks=false"]
    return _by_pandoc(work.blocks([scene]), work, out, [*arguments, f"--pdf-engine={engine}"])


def _by_web(work: Work, folder: Path, engine: str) -> bytes:
    out, head = folder / "book.pdf", folder / "head.html"
    head.write_text(f"<style>{HTML_CSS}</style>")
    scene: Node = {"t": "Div", "c": [["", ["scene-break"], []], [paragraph("* * *")]]}
    arguments = ["-t", "html5", "--include-in-header", str(head), "-V", "document-css=false"]
    return _by_pandoc(work.blocks([scene]), work, out, [*arguments, f"--pdf-engine={engine}"])


def _by_pandoc(blocks: list[Node], work: Work, out: Path, arguments: list[str]) -> bytes:
    pandoc(["-f", "json", "-s", *arguments, "-o", str(out)], tree_bytes(blocks, work.meta))
    return out.read_bytes()
