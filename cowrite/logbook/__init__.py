"""The log as a writer reads it: rows for exports, statistics, who wrote what, earlier suggestions, replay."""
