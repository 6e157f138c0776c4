"""Buying together in numbers: needs, rules, suggested pools, what they save, how to split it, who is in."""
