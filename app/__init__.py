"""Composition root: settings, command line, web application, worker. The only package that knows all others."""
