"""Changes of tenders, each in one function: load and lock, check, write, audit."""
