"""Second factor: time-based codes (RFC 6238), recovery codes, and how the secret is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyotp import random_base32
from pyotp.totp import TOTP

STEP_SECONDS: Final = 30
# Clocks of phones differ: the step before and the one after count as well (RFC 6238, section 5.2).
DRIFT: Final = (0, -1, 1)
RECOVERY_CODES: Final = 8
# Letters and digits that are not mistaken for each other on paper.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_NONCE_BYTES: Final = 12


def new_secret() -> str:
    """Return a fresh secret of 160 bits in base32, as authenticator apps take it."""
    return random_base32()


def address(secret: str, email: str, issuer: str) -> str:
    """Return the otpauth:// address that the QR code holds."""
    return TOTP(secret, name=email, issuer=issuer).provisioning_uri()


def matching_step(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """Return the time step that a code belongs to; None where it is wrong, too old or was used before."""
    typed = "".join(code.split())
    if len(typed) != 6 or not typed.isascii() or not typed.isdigit():
        return None
    totp, current = TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    for step in (current + drift for drift in DRIFT):
        if hmac.compare_digest(totp.generate_otp(step), typed) and (last_step is None or step > last_step):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Return codes that each stand in for the second factor once: 50 random bits or so, as "abcde-fghjk"."""
    return ["-".join(_letters(5) for _ in range(2)) for _ in range(RECOVERY_CODES)]


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))


@dataclass(frozen=True, slots=True)
class Sealer:
    """Encrypts secrets under the master key, so that a copy of the database alone opens none.

    A sealed secret belongs to one person and one use: moved to another row it does not open.
    """

    key: bytes

    def seal(self, secret: str, person_id: UUID, use: str = "totp") -> bytes:
        """Return a secret as it is stored."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, secret.encode(), self._bound(person_id, use))

    def open(self, sealed: bytes, person_id: UUID, use: str = "totp") -> str | None:
        """Return the secret, or None where the bytes were changed or belong to somebody else."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher().decrypt(nonce, rest, self._bound(person_id, use)).decode()
        except (InvalidTag, ValueError):
            return None

    def recovery_hash(self, code: str, person_id: UUID) -> bytes:
        """Return what is stored of a recovery code: keyed, because 50 bits alone could be tried out."""
        bare = "".join(letter for letter in code.lower() if letter.isalnum())
        return hmac.digest(self._derived("recovery"), person_id.bytes + bare.encode(), "sha256")

    def recovery_hashes(self, codes: Sequence[str], person_id: UUID) -> list[bytes]:
        """Return what is stored of several recovery codes."""
        return [self.recovery_hash(code, person_id) for code in codes]

    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived("seal"))

    def _derived(self, purpose: str) -> bytes:
        return hashlib.sha256(b"accounts\0" + purpose.encode() + b"\0" + self.key).digest()

    @staticmethod
    def _bound(person_id: UUID, use: str) -> bytes:
        return use.encode() + b"\0" + person_id.bytes
