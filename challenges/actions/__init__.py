"""Changes of challenges, by noun: each checks its rule, writes, and records the audit entry."""
