"""The draft's file: read and written without losing a byte."""

from cowrite.files.format import UTF8, FileFormat
from cowrite.files.identity import FileIdentity, identity
from cowrite.files.load import MAX_BYTES, LoadedDraft, checked, load, named, read_file, untitled
from cowrite.files.save import ChangedOnDisk, Saved, save, save_copy
from cowrite.files.watch import OnDisk, Watch

__all__ = [
    "MAX_BYTES",
    "UTF8",
    "ChangedOnDisk",
    "FileFormat",
    "FileIdentity",
    "LoadedDraft",
    "OnDisk",
    "Saved",
    "Watch",
    "checked",
    "identity",
    "load",
    "named",
    "read_file",
    "save",
    "save_copy",
    "untitled",
]
