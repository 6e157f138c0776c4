"""Changes to bodies and people; the names here are for the command line and the other slices."""

from accounts.actions.register import load_register

__all__ = ["load_register"]
