"""The log in other shapes: a registry of formats, each a function from a source to bytes."""

from cowrite.export.redact import Redactor
from cowrite.export.redact_rows import mask_event, redact_suggestion
from cowrite.export.registry import FORMATS, Format, Shape, find_format
from cowrite.export.source import KINDS, About, ExportSource, ModelLicence, Part, TrainingKind
from cowrite.export.target import whole_file, whole_folder

__all__ = [
    "FORMATS",
    "KINDS",
    "About",
    "ExportSource",
    "Format",
    "ModelLicence",
    "Part",
    "Redactor",
    "Shape",
    "TrainingKind",
    "find_format",
    "mask_event",
    "redact_suggestion",
    "whole_file",
    "whole_folder",
]
