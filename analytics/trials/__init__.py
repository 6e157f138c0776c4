"""What a pilot changed: readings in, an estimate with its interval and its assumption out."""
