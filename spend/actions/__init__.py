"""Changes to published payments: importing files, correcting mappings, marking lines."""
