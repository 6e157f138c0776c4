"""Challenges: a problem that councils publish, the councils that sponsor it, and firms' responses."""
