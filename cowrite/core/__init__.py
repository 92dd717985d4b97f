"""The domain: drafts, who wrote what, suggestions and outcomes. Standard library only."""
