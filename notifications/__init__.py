"""Telling people: notices from the audit trail, on a page and by e-mail, and a calendar of dates."""
