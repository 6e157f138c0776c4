"""Decisions about telling people: who hears of what, in which words, when by mail; the form of calendars."""
