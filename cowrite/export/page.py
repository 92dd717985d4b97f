"""Pages that open in a browser without a network: one file, no script, nothing fetched."""

from __future__ import annotations

import html

from cowrite.core.printable import printable

STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--soft:#667;--line:#d8dce2;--paper:#fff;--card:#f6f7f9;
--a:#3465a4;--b:#c4682d;--c:#4a8a4f;--d:#8a5fa8}
@media(prefers-color-scheme:dark){:root{--ink:#e3e6ea;--soft:#9aa3ad;--line:#3a4048;--paper:#17191c;
--card:#202327;--a:#7aa7e0;--b:#e39a66;--c:#7dc383;--d:#bb93d8}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p{margin:.5rem 0}.soft{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.75rem;margin:1rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem}
.card b{display:block;font-size:1.5rem;line-height:1.2}.card span{color:var(--soft);font-size:.85rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:right;padding:.3rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}
svg{width:100%;height:auto;display:block}svg text{fill:var(--ink);font-size:12px}
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
