"""Changes of notices, settings and addresses of calendars."""
