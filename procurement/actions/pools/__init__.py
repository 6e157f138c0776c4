"""Changes of pools: every one locks the pool, and is followed by solving its terms anew."""
