"""From what a tender says to the Open Contracting Data Standard 1.1.5, without I/O; a noun a module."""
