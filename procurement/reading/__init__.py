"""Reading registers and lists of needs: bytes of a CSV file to rows, what was set aside and why."""
