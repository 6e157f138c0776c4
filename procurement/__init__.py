"""What councils need and the contracts that they have. Nouns: Need, NeedLine, NeedVersion, Contract."""
