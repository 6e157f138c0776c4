"""Forms of challenges and responses, by noun."""
