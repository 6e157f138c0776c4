"""Corrections of a published tender: read by all, made by the lead, approved by every buyer."""
