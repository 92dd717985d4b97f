"""The look of a book as a word processor's file: pandoc's own reference document with styles of ours.

Lengths are twentieths of a point, as Office Open XML has them (ECMA-376, 17.3); sizes of letters half points.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from cowrite.book.pandoc import pandoc

BODY_TEMPLATE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<w:document '
    + " ".join(
        f'xmlns:{name}="{address}"'
        for name, address in {
            "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "o": "urn:schemas-microsoft-com:office:office",
            "v": "urn:schemas-microsoft-com:vml",
            "w10": "urn:schemas-microsoft-com:office:word",
            "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
            "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
            "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        }.items()
    )
    + "><w:body>$body$$sectpr$</w:body></w:document>\n"
)
"""A document without pandoc's own title, which is a page of ours."""

_HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:hdr>'
)
_HEADER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
_HEADER_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/header"
_PAGE_NUMBER = "".join(
    f"<w:r>{one}</w:r>"
    for one in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        '<w:fldChar w:fldCharType="end"/>',
    )
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a document looks. font: by name. head: what stands before the page's number at the top, from the
    second page on; None for a number alone at the foot's place of the head. manuscript: double-spaced, as
    editors want it. chapter: the level of headings that begin a page."""

    font: str
    head: str | None = None
    manuscript: bool = False
    chapter: int = 1


def reference_docx(look: Look) -> bytes:
    """A document whose styles and page pandoc takes over (`--reference-doc`)."""
    plain = pandoc(["--print-default-data-file", "reference.docx"])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            data = old.read(item).decode("utf-8")
            match item.filename:
                case "word/styles.xml":
                    data = _with_styles(data, look)
                case "word/document.xml":
                    data = _with_page(data)
                case "word/_rels/document.xml.rels":
                    head = (
                        f'<Relationship Type="{_HEADER_KIND}" Id="rIdHead" Target="header1.xml"/>'
                    )
                    data = data.replace("</Relationships>", f"{head}</Relationships>")
                case "[Content_Types].xml":
                    data = data.replace(
                        "</Types>",
                        f'<Override PartName="/word/header1.xml" ContentType="{_HEADER_TYPE}"/></Types>',
                    )
            new.writestr(item.filename, data, zipfile.ZIP_DEFLATED)
        new.writestr("word/header1.xml", _HEADER.format(_head(look)), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _head(look: Look) -> str:
    text = f"{look.head} / " if look.head else ""
    words = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return (
        '<w:p><w:pPr><w:pStyle w:val="Header"/><w:jc w:val="right"/></w:pPr>'
        f"{words}{_PAGE_NUMBER}</w:p>"
    )


def _with_page(document: str) -> str:
    """One inch of margin, and a first page without a head."""
    page = (
        "<w:sectPr>"
        '<w:headerReference w:type="default" r:id="rIdHead"/>'
        '<w:pgSz w:w="12240" w:h="15840"/>'
        '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" '
        'w:gutter="0"/><w:titlePg/></w:sectPr>'
    )
    document = re.sub(r"<w:sectPr\b.*?</w:sectPr>|<w:sectPr\s*/>", "", document, flags=re.DOTALL)
    return document.replace("</w:body>", f"{page}</w:body>")


def _with_styles(styles: str, look: Look) -> str:
    fonts = (
        f"<w:rFonts w:ascii={quoteattr(look.font)} w:hAnsi={quoteattr(look.font)} w:cs={quoteattr(look.font)} "
        'w:eastAsiaTheme="minorEastAsia"/>'
    )
    styles = re.sub(r"<w:rFonts\b[^>]*/>", fonts, styles)
    styles = re.sub(r"<w:color\b[^>]*/>", "", styles)
    styles = re.sub(r'<w:spacing w:after="200" />', '<w:spacing w:after="0"/>', styles, count=1)
    ours = _manuscript(look) if look.manuscript else _book(look)
    for name in ours:
        identifier = name.replace(" ", "")
        identifier = {"heading1": "Heading1", "heading2": "Heading2"}.get(identifier, identifier)
        styles = re.sub(
            rf'<w:style [^>]*w:styleId="{identifier}"[^>]*>.*?</w:style>', "", styles, flags=re.S
        )
    made = "".join(_style(name, *about) for name, about in ours.items())
    return styles.replace("</w:styles>", made + "</w:styles>")


_About = tuple[str, str, str]
"""A style's parent by identifier, its paragraph's and its letters' properties."""


def _style(name: str, parent: str, paragraph: str, letters: str) -> str:
    identifier = name.replace(" ", "")
    level = re.fullmatch(r"heading(\d)", identifier)
    after = "FirstParagraph" if level or name == "Scene Break" else ""
    own = "" if name in _BUILT_IN else ' w:customStyle="1"'
    if level:
        identifier = f"Heading{level[1]}"
        paragraph += f'<w:outlineLvl w:val="{int(level[1]) - 1}"/>'
    following = f'<w:next w:val="{after}"/>' if after else ""
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{identifier}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{parent}"/>{following}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
    )


_BUILT_IN = {"Body Text", "Title", "Subtitle", "heading 1", "heading 2", "header", "Header"}
_CENTRE = '<w:jc w:val="center"/>'


def _spacing(before: int = 0, after: int = 0, line: int = 240) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'


def _indent(first: int) -> str:
    return f'<w:ind w:firstLine="{first}"/>'


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _book(look: Look) -> dict[str, _About]:
    opening = "<w:keepNext/><w:keepLines/><w:pageBreakBefore/>" + _spacing(1400, 600) + _CENTRE
    within = "<w:keepNext/><w:keepLines/>" + _spacing(360, 120)
    return {
        "Body Text": ("Normal", _spacing(line=300) + _indent(360), ""),
        "First Paragraph": ("BodyText", _indent(0), ""),
        "Scene Break": ("Normal", "<w:keepNext/>" + _spacing(240, 240) + _CENTRE, ""),
        "Title": ("Normal", _spacing(3600, 240) + _CENTRE, _size(52)),
        "Subtitle": ("Normal", _spacing(0, 480) + _CENTRE, "<w:i/>" + _size(30)),
        "Author": ("Normal", _spacing(480, 240) + _CENTRE, _size(30)),
        "Rights": ("Normal", _spacing(4800) + _CENTRE, _size(18)),
        "heading 1": ("Normal", opening, "<w:b/>" + _size(34)),
        "heading 2": (
            "Normal",
            opening if look.chapter == 2 else within,
            "<w:b/>" + _size(34 if look.chapter == 2 else 26),
        ),
        "Header": ("Normal", _spacing(), _size(18)),
    }


def _manuscript(look: Look) -> dict[str, _About]:
    """As editors ask for it: double-spaced, half an inch at a paragraph's beginning, chapters a third down."""
    opening = "<w:keepNext/><w:pageBreakBefore/>" + _spacing(3600, 480, 480) + _CENTRE
    right = '<w:tabs><w:tab w:val="right" w:pos="9360"/></w:tabs>'
    return {
        "Body Text": (
            "Normal",
            '<w:widowControl w:val="0"/>' + _spacing(line=480) + _indent(720),
            "",
        ),
        "First Paragraph": ("BodyText", "", ""),
        "Scene Break": ("Normal", "<w:keepNext/>" + _spacing(line=480) + _CENTRE, ""),
        "Contact": ("Normal", right + _spacing(), ""),
        "Title": ("Normal", _spacing(4200, 0, 480) + _CENTRE, _size(24)),
        "Subtitle": ("Normal", _spacing(line=480) + _CENTRE, _size(24)),
        "Author": ("Normal", _spacing(0, 480, 480) + _CENTRE, _size(24)),
        "heading 1": ("Normal", opening, _size(24)),
        "heading 2": (
            "Normal",
            opening if look.chapter == 2 else "<w:keepNext/>" + _spacing(line=480) + _CENTRE,
            _size(24),
        ),
        "Header": ("Normal", _spacing(), _size(24)),
    }
