"""The screen of a draft: one module for each thing that can be done there, and the panes beside the editor."""
