"""A delivery on paper: files that arrive, their pages, and where both are kept."""
