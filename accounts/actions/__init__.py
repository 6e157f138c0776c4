"""Changes to bodies and people; the names here are for the command line and the other slices."""

from accounts.actions.demonstration import load_demonstration
from accounts.actions.passwords import Passwords
from accounts.actions.register import load_register
from accounts.rules.totp import Sealer

__all__ = ["Passwords", "Sealer", "load_demonstration", "load_register"]
