"""Settings, declared once. Flags > environment > project file > user file > defaults."""

from cowrite.config.declaration import Settings
from cowrite.config.describing import SettingInfo, describe, find, sections
from cowrite.config.loading import Loaded, load, load_explained, project_file
from cowrite.config.saving import save_user

__all__ = [
    "Loaded",
    "SettingInfo",
    "Settings",
    "describe",
    "find",
    "load",
    "load_explained",
    "project_file",
    "save_user",
    "sections",
]
