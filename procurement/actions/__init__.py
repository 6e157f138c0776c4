"""Changes of needs and contracts."""
