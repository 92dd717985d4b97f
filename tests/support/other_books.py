"""Books as other programs keep them, small, of our own making."""

from __future__ import annotations

from pathlib import Path

_BINDER = """<?xml version="1.0" encoding="UTF-8"?>
<ScrivenerProject Version="2.0" Creator="SCRMAC-3.3-1"><Binder>
<BinderItem UUID="D" Type="DraftFolder"><Title>Draft</Title><Children>
 <BinderItem UUID="F1" Type="Folder"><Title>The rain</Title>
  <MetaData><IncludeInCompile>Yes</IncludeInCompile></MetaData><Children>
  <BinderItem UUID="S1" Type="Text"><Title>At the mill</Title>
   <MetaData><IncludeInCompile>Yes</IncludeInCompile></MetaData></BinderItem>
  <BinderItem UUID="S2" Type="Text"><Title>At sea</Title>
   <MetaData><IncludeInCompile>Yes</IncludeInCompile></MetaData></BinderItem>
  <BinderItem UUID="S3" Type="Text"><Title>Cut</Title><MetaData></MetaData></BinderItem>
 </Children></BinderItem>
 <BinderItem UUID="F2" Type="Text"><Title>An end</Title>
  <MetaData><IncludeInCompile>Yes</IncludeInCompile></MetaData></BinderItem>
</Children></BinderItem>
<BinderItem UUID="R" Type="ResearchFolder"><Title>Research</Title><Children>
 <BinderItem UUID="N1" Type="Text"><Title>Mills</Title></BinderItem>
 <BinderItem UUID="P" Type="PDF"><Title>Plan</Title></BinderItem>
</Children></BinderItem>
<BinderItem UUID="C" Type="Folder"><Title>Characters</Title><Children>
 <BinderItem UUID="C1" Type="Text"><Title>Marta</Title></BinderItem>
</Children></BinderItem>
<BinderItem UUID="T" Type="TrashFolder"><Title>Trash</Title><Children>
 <BinderItem UUID="T1" Type="Text"><Title>Gone</Title></BinderItem>
</Children></BinderItem>
</Binder></ScrivenerProject>
"""
_LINKED = r'{\field{\*\fldinst{HYPERLINK "scrivcmt://%s"}}{\fldrslt %s}}'
_RTF = {
    "S1": r"{\rtf1\ansi\ansicpg1252 See " + _LINKED % ("A", "this") + " and " + _LINKED % ("B", "that")
    + r". <$Scr_Ps::0>\u8220\'93Quoted\u8221\'94 caf\'e9.\par Second {\i x}.\par}",
    "S2": r"{\rtf1\ansi Sea{\footnote salty}.\par * * *\par Later.\par}",
    "S3": r"{\rtf1\ansi Out of it.}",
    "F2": r"{\rtf1\ansi The end.}",
    "N1": r"{\rtf1\ansi Mills turn.}",
    "C1": r"{\rtf1\ansi A clockmaker.}",
    "T1": r"{\rtf1\ansi Thrown away.}",
}  # fmt: skip
_COMMENTS = (
    '<?xml version="1.0"?><Comments><Comment ID="A" Footnote="Yes"><![CDATA[{\\rtf1\\ansi A note.}]]>'
    '</Comment><Comment ID="B"><![CDATA[{\\rtf1 Really?}]]></Comment></Comments>'
)


def scrivener(folder: Path) -> Path:
    """A project as Scrivener 3 keeps it; returns its folder."""
    data = folder / "Files" / "Data"
    for name, text in _RTF.items():
        (data / name).mkdir(parents=True)
        (data / name / "content.rtf").write_text(text)
    (data / "S1" / "content.comments").write_text(_COMMENTS)
    (data / "S1" / "synopsis.txt").write_text("It rains\nat the mill.")
    (data / "S2" / "notes.rtf").write_text(r"{\rtf1\ansi Ask Tom.}")
    (folder / "Mill.scrivx").write_text(_BINDER)
    return folder


def scrivener_2(folder: Path) -> Path:
    """The same as Scrivener 2 keeps it: numbers, and all texts in one folder."""
    docs = folder / "Files" / "Docs"
    docs.mkdir(parents=True)
    binder = _BINDER
    for number, (name, text) in enumerate(_RTF.items(), 10):
        (docs / f"{number}.rtf").write_text(text)
        binder = binder.replace(f'UUID="{name}"', f'ID="{number}"')
    (docs / "10.comments").write_text(_COMMENTS)
    (docs / "10_synopsis.txt").write_text("It rains\nat the mill.")
    (docs / "11_notes.rtf").write_text(r"{\rtf1\ansi Ask Tom.}")
    (folder / "Mill.scrivx").write_text(binder)
    return folder


_NWX = """<?xml version='1.0' encoding='utf-8'?>
<novelWriterXML appVersion="2.7" fileVersion="1.5">
 <project><name>The Mill</name><author>Jo Quill</author></project>
 <settings><language>en_GB</language><autoReplace><entry key="A">Marta</entry></autoReplace></settings>
 <content>
  <item handle="a0" parent="None" root="a0" order="0" type="ROOT" class="NOVEL"><name>Novel</name></item>
  <item handle="a5" parent="a3" root="a0" order="1" type="FILE" class="NOVEL" layout="DOCUMENT">
   <name active="yes">Second scene</name></item>
  <item handle="a1" parent="a0" root="a0" order="0" type="FILE" class="NOVEL" layout="DOCUMENT">
   <name active="yes">Title</name></item>
  <item handle="a2" parent="a0" root="a0" order="1" type="FILE" class="NOVEL" layout="DOCUMENT">
   <name active="yes">Part</name></item>
  <item handle="a3" parent="a0" root="a0" order="2" type="FILE" class="NOVEL" layout="DOCUMENT">
   <name active="yes">Chapter</name></item>
  <item handle="a4" parent="a3" root="a0" order="0" type="FILE" class="NOVEL" layout="DOCUMENT">
   <name active="yes">First scene</name></item>
  <item handle="a6" parent="a0" root="a0" order="9" type="FILE" class="NOVEL" layout="DOCUMENT">
   <name active="no">Left out</name></item>
  <item handle="c0" parent="None" root="c0" order="1" type="ROOT" class="CHARACTER"><name>People</name></item>
  <item handle="c1" parent="c0" root="c0" order="0" type="FILE" class="CHARACTER" layout="NOTE">
   <name active="yes">Marta</name></item>
  <item handle="t0" parent="None" root="t0" order="2" type="ROOT" class="TRASH"><name>Trash</name></item>
  <item handle="t1" parent="t0" root="t0" order="0" type="FILE" class="TRASH" layout="DOCUMENT">
   <name active="yes">Gone</name></item>
 </content>
</novelWriterXML>
"""
_NWD = {
    "a1": "#! The Mill\n\n>> By Jo Quill <<\n",
    "a2": "# Part One\n",
    "a3": "## The rain\n\n%synopsis: It rains.\n\nBefore all scenes.\n",
    "a4": "### At the mill\n\n@pov: Marta\n@location: Mill\n\n% ask Tom\n\n"
    "<A> saw _rain_[footnote:fx], [b]much[/b] of [u]it[/u].\nAnd then?\n\n%footnote.fx: A **note**.\n\n"
    ">> In the middle <<\n\n> Indented. <\n\n- said she\n\n1899. That was it. [newpage]\n",
    "a5": "### At sea\n\nThe sea[footnote:fx] & <b>.\n\n%footnote.fx: Salty.\n\n#### A section\n\nMore.\n",
    "a6": "### Left out\n\nNot in it.\n",
    "c1": "# Marta\n\n@tag: Marta | Miss Quill\n\nA clockmaker.\n\n## Past\n\nUnknown.\n",
    "t1": "### Gone\n\nThrown away.\n",
}  # fmt: skip


def novelwriter(folder: Path) -> Path:
    """A project as novelWriter 2 keeps it; returns its folder."""
    (folder / "content").mkdir(parents=True)
    (folder / "nwProject.nwx").write_text(_NWX)
    for name, text in _NWD.items():
        head = f"%%~name: x\n%%~path: a/{name}\n%%~kind: NOVEL/DOCUMENT\n"
        (folder / "content" / f"{name}.nwd").write_text(head + text)
    return folder
