"""Bodies and people. Nouns: Organisation, Person, Membership, Session, Token, Mail."""
