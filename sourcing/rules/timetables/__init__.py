"""The lawful calendar of a procurement: what is asked, its steps, and each procedure's way through them."""
