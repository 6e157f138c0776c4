"""Texts as vectors, how alike they are, and which needs go together, ranked by weights that learn."""
