"""Pages of contracts: what they are by now, what is done with them, their notices, files and payments."""
