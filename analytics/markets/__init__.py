"""Markets of public buying: who sells what to whom, how concentrated it is, and how sure that is."""
