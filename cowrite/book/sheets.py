"""The looks of a book as a web page, an e-book and a printed page."""

from __future__ import annotations

EPUB_CSS = """
body { margin: 0 5%; line-height: 1.4; }
p { margin: 0; text-indent: 1.4em; }
h1, h2, h3 { text-align: center; margin: 3em 0 1.5em; page-break-after: avoid; }
h1 + p, h2 + p, h3 + p, .scene-break + p, blockquote p { text-indent: 0; }
.scene-break { text-align: center; margin: 1.2em 0; }
.scene-break p, figure p, figcaption { text-indent: 0; text-align: center; }
blockquote { margin: 1em 2em; }
img { max-width: 100%; }
.titlepage { text-align: center; }
.titlepage p { text-indent: 0; margin: 1em 0; }
"""

HTML_CSS = """
:root { color-scheme: light dark; }
body { max-width: 36em; margin: 2em auto; padding: 0 1em; line-height: 1.5; font-family: Georgia, serif; }
header { text-align: center; margin: 20vh 0; }
.subtitle { font-style: italic; }
p { margin: 0; text-indent: 1.4em; }
header p, li p, .scene-break p, blockquote p, figcaption, .footnotes p { text-indent: 0; }
h1, h2, h3 { text-align: center; margin: 3em 0 1.5em; }
h1 + p, h2 + p, h3 + p, .scene-break + p { text-indent: 0; }
.scene-break { text-align: center; margin: 1.2em 0; }
blockquote { margin: 1em 2em; }
figure { text-align: center; margin: 1.5em 0; }
img { max-width: 100%; }
table { margin: 1em auto; border-collapse: collapse; }
td, th { padding: 0.2em 0.7em; }
@media print { h1 { break-before: page; } body { max-width: none; } }
"""

TYPST_TEMPLATE = """#let horizontalrule = align(center)[\\* \\* \\*]
#set document(title: [$title$]$if(author)$, author: "$author-text$"$endif$)
#set page(paper: "a5", margin: (x: 2cm, y: 2.2cm), numbering: "1")
#set text(size: 11pt$if(lang)$, lang: "$language$"$endif$)
#set par(justify: true, first-line-indent: 1.3em, spacing: 0.7em, leading: 0.7em)
#set table(stroke: none)
#set figure(numbering: none)
#set smartquote(enabled: false)
#show heading: it => align(center, block(above: 2em, below: 1.2em, it))
#show heading.where(level: 1): it => { pagebreak(weak: true); v(2.5cm); it; v(0.8cm) }
$if(parts)$
#show heading.where(level: 2): it => { pagebreak(weak: true); v(2.5cm); it; v(0.8cm) }
$endif$
#page(numbering: none)[
#set par(first-line-indent: 0pt, justify: false)
#set align(center)
#v(28%)
#text(size: 22pt)[$title$]
$if(subtitle)$

#text(size: 13pt, style: "italic")[$subtitle$]
$endif$
$if(author)$

#v(1.5em)
#text(size: 14pt)[$author$]
$endif$
$if(rights)$

#v(1fr)
#text(size: 9pt)[$rights$]
$endif$
]
$body$
"""
"""A5 pages; pandoc fills in what is between dollars."""
