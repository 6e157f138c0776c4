"""Changes to the market report: making a release."""
