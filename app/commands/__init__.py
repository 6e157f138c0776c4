"""The command line, a module for each noun; `app.__main__` puts them together."""
