"""Pages that open in a browser without a network: one file, no script, nothing fetched."""

from __future__ import annotations

import html

from cowrite.core.printable import printable

# One colour, one meaning, on every page, and all of them from the window's own themes: a is what the writer
# wrote, b what the model wrote and suggested, c the model's text that the writer changed, d what was pasted.
STYLE = """
:root{color-scheme:light dark;--ink:#2d2a26;--soft:#6b6256;--line:#cfc3ae;--paper:#f8f4ec;--card:#f1ebdf;
--a:#4f6a78;--b:#9a5b2f;--c:#4a7043;--d:#7d5a86}
@media(prefers-color-scheme:dark){:root{--ink:#d6d0c4;--soft:#a09a8e;--line:#3a3e45;--paper:#16171a;
--card:#1d1f23;--a:#86a3b3;--b:#d9a066;--c:#8fb083;--d:#b795c0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p{margin:.5rem 0}.soft{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.25rem,1fr));gap:.6rem;margin:1rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem}
.card b{display:block;font-size:1.25rem;line-height:1.2}.card span{color:var(--soft);font-size:.85rem}
.scroll{overflow-x:auto;overflow-wrap:normal}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:right;padding:.3rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}
.lead{font-size:1.15rem}
.bars{display:grid;grid-template-columns:max-content minmax(4rem,1fr) max-content;grid-auto-flow:dense;
gap:.35rem .75rem;align-items:center}
.name{grid-column:1}.bar{grid-column:2}.said{grid-column:3}
.bar{background:var(--card);border-radius:.2rem;height:1.05rem}
.bar i{display:block;height:100%;border-radius:.2rem}
@media(max-width:34rem){.bars{grid-template-columns:1fr max-content}
.said{grid-column:2}.bar{grid-column:1/-1}}
svg{width:100%;max-width:36rem;height:auto;display:block}svg text{fill:var(--ink);font-size:11px}
svg .soft{fill:var(--soft)}
"""


def text(value: object) -> str:
    """A value as the text of a page: no markup and no control of it takes effect."""
    return html.escape(printable(str(value), keep="\n\t"))


def page(title: str, body: str, style: str = "") -> str:
    """A whole page. `body` is markup; the policy forbids it to load anything."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{STYLE}{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )
