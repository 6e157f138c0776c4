"""Payments that councils publish. Nouns: PublishedFile, Mapping, Line, SetAside, Category, Taxonomy."""
