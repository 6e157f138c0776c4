"""Pages that look across features: markets and the lines behind a figure. Nouns: Release, Measure, Cell."""
