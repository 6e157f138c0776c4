"""What is changed of subjects: each checks its rule, writes, and records the audit entry."""
