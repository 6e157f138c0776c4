"""Pages of pools; each tab of a pool is a module."""
