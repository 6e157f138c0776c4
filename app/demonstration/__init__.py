"""The demonstration world: real published payments of a few councils, and invented people, marked as such."""
