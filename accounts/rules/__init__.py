"""Decisions about people and their sign-in. Nouns: role, password, token, second factor, address."""
