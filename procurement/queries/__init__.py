"""Reads of needs and contracts, as the pages show them; row-level security leaves out what is not theirs."""
