"""Signatures of this service: what it once gave out can be shown to be its own, also without its database.

The key is derived from the master key, so nothing more has to be kept; the public part is no secret and may
be published. With another master key another key signs: whoever kept the earlier public key can still verify.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def sign(master: bytes, purpose: str, text: str) -> bytes:
    """Return the Ed25519 signature (RFC 8032) of a text, good for one purpose alone."""
    return _private(master, purpose).sign(text.encode())


def public_key(master: bytes, purpose: str) -> bytes:
    """Return the public key with which anybody can verify."""
    return _private(master, purpose).public_key().public_bytes_raw()


def holds(public: bytes, signature: bytes, text: str) -> bool:
    """Tell whether a signature is of this text, by the private part of this key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _private(master: bytes, purpose: str) -> Ed25519PrivateKey:
    raw = HKDF(SHA256(), 32, salt=None, info=b"signing\0" + purpose.encode()).derive(master)
    return Ed25519PrivateKey.from_private_bytes(raw)
