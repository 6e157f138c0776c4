"""Pages that look across features: market reports and the lines behind every figure. Nouns: Release, Market, Measure, Cell."""
