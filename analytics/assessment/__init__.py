"""Assessing tenders by a published method: points, ranks, and how firmly the winner stands."""
