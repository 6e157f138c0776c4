"""Reads of notices and of what they are made from, and of dates for calendars."""
