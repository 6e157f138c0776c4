"""Corrections of a published tender: what can be corrected, when, and how it reads line by line."""
