"""The look of a book as an OpenDocument text: pandoc's reference document with styles of ours."""

from __future__ import annotations

import io
import re
import zipfile

from cowrite.book.pandoc import pandoc

_CENTRE = 'fo:text-align="center"'


def reference_odt(chapter: int) -> bytes:
    """A document whose styles pandoc takes over. chapter: the level of headings that begin a page."""
    plain = pandoc(["--print-default-data-file", "reference.odt"])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():  # the file `mimetype` comes first, not packed
            data = old.read(item)
            if item.filename == "styles.xml":
                data = _with_styles(data.decode("utf-8"), chapter).encode()
            new.writestr(item, data)
    return out.getvalue()


def _with_styles(styles: str, chapter: int) -> str:
    page = 'fo:break-before="page" fo:margin-top="0.9in" fo:margin-bottom="0.4in" fo:keep-with-next="always"'
    ours = {
        "Text_20_body": ("Standard", 'fo:text-indent="0.25in" fo:line-height="125%"', ""),
        "First_20_paragraph": ("Text_20_body", 'fo:text-indent="0in"', ""),
        "Scene_20_Break": (
            "Standard",
            f'{_CENTRE} fo:margin-top="0.17in" fo:margin-bottom="0.17in" fo:keep-with-next="always"',
            "",
        ),
        "Title": ("Standard", f'{_CENTRE} fo:margin-top="2.5in" fo:margin-bottom="0.2in"', "26pt"),
        "Subtitle": ("Standard", f'{_CENTRE} fo:margin-bottom="0.3in"', "15pt"),
        "Author": ("Standard", f'{_CENTRE} fo:margin-top="0.3in"', "15pt"),
        "Rights": ("Standard", f'{_CENTRE} fo:margin-top="3in"', "9pt"),
        "Heading_20_1": ("Heading", f"{_CENTRE} {page}", "17pt"),
    }
    if chapter == 2:
        ours["Heading_20_2"] = ("Heading", f"{_CENTRE} {page}", "17pt")
    for name in ours:
        styles = re.sub(
            rf'<style:style (?:[^>]*\s)?style:name="{name}"(?:[^>]*/>|(?:[^>]*[^/])?>.*?</style:style>)',
            "",
            styles,
            flags=re.DOTALL,
        )
    made = "".join(_style(name, *about) for name, about in ours.items())
    return styles.replace("</office:styles>", made + "</office:styles>")


def _style(name: str, parent: str, paragraph: str, size: str) -> str:
    shown = name.replace("_20_", " ")
    level = f' style:default-outline-level="{name[-1]}"' if parent == "Heading" else ""
    letters = (
        f'<style:text-properties fo:font-size="{size}" style:font-size-asian="{size}"/>'
        if size
        else ""
    )
    return (
        f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph" '
        f'style:parent-style-name="{parent}" style:class="text"{level}>'
        f"<style:paragraph-properties {paragraph}/>{letters}</style:style>"
    )
