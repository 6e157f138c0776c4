"""Who is paid. Nouns: Supplier, Identifier, Name."""
