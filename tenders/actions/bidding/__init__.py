"""Bids: keys, drafts, files, handing in. Nothing here writes to the audit trail before a tender is opened."""
