"""Pages of notices that come before the tender notice."""
