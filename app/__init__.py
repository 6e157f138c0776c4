"""Composition root: settings, command line, web application, worker. It alone knows all others."""
