"""What a tender and a challenge share: the law as tables, and the lawful calendar of a procurement."""
