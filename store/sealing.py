"""Content that nobody can read before its time: encrypted on arrival to a key that is locked away.

A key is made for each thing that is sealed until a day. Its public part encrypts; its private part is kept
encrypted under the master key, which is not in the database. So the database, a copy of it and whoever reads
it hold nothing but ciphertext; whoever holds both can open it, and docs/sealing.md says who that is.

Content goes in chunks, so that memory does not grow with a file. Each object has a key of its own, encrypted
to the public key with HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM); its chunks are encrypted with
AES-256-GCM, numbered, and the last marked, so that none can be left out, moved, repeated or taken from
another object (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# Of content; a sealed chunk is longer by `OVERHEAD_BYTES`.
CHUNK_BYTES: Final = 512 * 1024
OVERHEAD_BYTES: Final = 16
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_FINGERPRINT_BYTES: Final = 8
# Written before everything sealed, so that another construction can take the place of this one.
_FORM: Final = b"\x01"
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class KeyLost(Exception):  # noqa: N818 -- what happened, in the words that operators read
    """The master key under which a private key was locked away is not the one that is here.

    Nobody can open what was sealed until the earlier master key is put back.
    """


class Tampered(Exception):  # noqa: N818
    """Something sealed is not what was sealed: a byte, a chunk or its place was changed."""


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A key pair as it is stored.

    Attributes:
        public: to which content is encrypted; no secret.
        locked: the private part under the master key, with that key's fingerprint before it.
    """

    public: bytes
    locked: bytes


def new_key(master: bytes, subject: str) -> SealingKey:
    """Make a key pair for one subject; moved to another it does not open."""
    private = X25519PrivateKey.generate()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    locked = _lock(master).encrypt(nonce, private.private_bytes_raw(), _bound(subject))
    return SealingKey(private.public_key().public_bytes_raw(), _FORM + fingerprint(master) + nonce + locked)


def vouch(master: bytes, public: bytes, subject: str) -> bytes:
    """Return what shows later that a public key was made here for a subject, and under which master key."""
    return fingerprint(master) + hmac.digest(
        _derived(master, b"vouch", _KEY_BYTES), _named(public, subject), "sha256"
    )


def check_vouched(master: bytes, public: bytes, subject: str, voucher: bytes) -> None:
    """Refuse to seal to a key that nobody here could open again.

    Raises:
        KeyLost: it was made under another master key.
        Tampered: it was not made here, or for another subject.
    """
    _check_master(master, voucher[:_FINGERPRINT_BYTES])
    if not hmac.compare_digest(voucher, vouch(master, public, subject)):
        raise Tampered("the public key is not the one that was made for this")


def unlock(master: bytes, key: SealingKey, subject: str) -> X25519PrivateKey:
    """Return the private key of a subject.

    Raises:
        KeyLost: it was locked away under another master key.
        Tampered: it belongs to another subject, or was changed.
    """
    form, made_under, rest = (
        key.locked[:1],
        key.locked[1 : 1 + _FINGERPRINT_BYTES],
        key.locked[1 + _FINGERPRINT_BYTES :],
    )
    if form != _FORM:
        raise Tampered("the key is of a form that is not known here")
    _check_master(master, made_under)
    try:
        raw = _lock(master).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], _bound(subject))
        private = X25519PrivateKey.from_private_bytes(raw)
    except (InvalidTag, ValueError) as error:
        raise Tampered("the key is not the one that was made for this") from error
    if private.public_key().public_bytes_raw() != key.public:
        raise Tampered("the public key is not the one that belongs to the private key")
    return private


def fingerprint(master: bytes) -> bytes:
    """Return eight bytes by which a master key is told from another, and that tell nothing of it."""
    return _derived(master, b"fingerprint", _FINGERPRINT_BYTES)


class Sealer:
    """Seals one object, chunk by chunk.

    Args:
        public: the key of the subject.
        context: what the object is, such as whose and which part; it opens under no other.

    Attributes:
        header: to be kept beside the chunks.
    """

    def __init__(self, public: bytes, context: bytes) -> None:
        key = secrets.token_bytes(_KEY_BYTES)
        wrapped = _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public), info=context)
        self.header = _FORM + wrapped
        self._cipher = AESGCM(key)
        self._context = context
        self._count = 0
        self._ended = False

    def chunk(self, content: bytes, *, last: bool) -> bytes:
        """Return the next chunk, sealed; every object has a last one, which may be empty."""
        if self._ended:
            raise ValueError("the last chunk was sealed already")
        self._ended = last
        sealed = self._cipher.encrypt(_nonce(self._count, last=last), content, self._context)
        self._count += 1
        return sealed

    def whole(self, content: bytes) -> list[bytes]:
        """Return all chunks of content that is in memory."""
        parts = [content[at : at + CHUNK_BYTES] for at in range(0, len(content), CHUNK_BYTES)] or [b""]
        return [self.chunk(part, last=number == len(parts)) for number, part in enumerate(parts, start=1)]


class SealedFile:
    """A file that holds nothing but ciphertext from its first byte on; written to like any other.

    Attributes:
        sealer: has the header.
        path: where the sealed chunks stand, one after the other.
    """

    def __init__(self, path: Path, sealer: Sealer) -> None:
        self.path, self.sealer = path, sealer
        self._file = path.open("wb")
        self._waiting = bytearray()

    def write(self, content: bytes) -> int:
        """Take content; what fills a chunk is sealed and written."""
        self._waiting += content
        # The last chunk is marked, so one is held back until it is known whether more follows.
        while len(self._waiting) > CHUNK_BYTES:
            self._file.write(self.sealer.chunk(bytes(self._waiting[:CHUNK_BYTES]), last=False))
            del self._waiting[:CHUNK_BYTES]
        return len(content)

    def close(self) -> None:
        """Seal what is left as the last chunk."""
        if not self._file.closed:
            self._file.write(self.sealer.chunk(bytes(self._waiting), last=True))
            self._file.close()

    def chunks(self) -> Iterator[bytes]:
        """Yield the sealed chunks of the closed file."""
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES + OVERHEAD_BYTES):
                yield chunk


def handed_on(private: X25519PrivateKey, header: bytes, context: bytes, public: bytes) -> bytes:
    """Return the header of an object for another key: its content stays as it is, and opens for that key.

    Raises:
        Tampered: the object was not sealed for this key and this place.
    """
    wrapped = _SUITE.encrypt(
        content_key(private, header, context), X25519PublicKey.from_public_bytes(public), info=context
    )
    return _FORM + wrapped


def opened(
    private: X25519PrivateKey, header: bytes, context: bytes, chunks: Iterable[bytes]
) -> Iterator[bytes]:
    """Yield the content of an object, chunk by chunk; only at the end is it certain to be whole.

    Raises:
        Tampered: a chunk is missing, changed, out of place or of another object.
    """
    yield from opened_with(content_key(private, header, context), context, chunks)


def opened_with(key: bytes, context: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content of an object whose own key is known already.

    Raises:
        Tampered: a chunk is missing, changed, out of place or of another object.
    """
    cipher = AESGCM(key)
    following = iter(chunks)
    chunk = next(following, None)
    if chunk is None:
        raise Tampered("there is no chunk")
    count = 0
    while chunk is not None:
        coming = next(following, None)
        try:
            yield cipher.decrypt(_nonce(count, last=coming is None), chunk, context)
        except InvalidTag as error:
            raise Tampered(f"chunk {count + 1} is not what was sealed at that place") from error
        count += 1
        chunk = coming


def content_key(private: X25519PrivateKey, header: bytes, context: bytes) -> bytes:
    """Return the key of one object, which opens no other.

    Raises:
        Tampered: the object was not sealed for this key and this place.
    """
    if header[:1] != _FORM:
        raise Tampered("the object is of a form that is not known here")
    try:
        return _SUITE.decrypt(header[1:], private, info=context)
    except (InvalidTag, ValueError) as error:
        raise Tampered("the object was not sealed for this key and this place") from error


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(_NONCE_BYTES - 1, "big") + bytes([last])


def _check_master(master: bytes, made_under: bytes) -> None:
    if made_under != fingerprint(master):
        raise KeyLost(
            f"sealed under the master key {made_under.hex()}, but here is {fingerprint(master).hex()}:"
            " put the earlier file keys/master.key back from where it is kept"
        )


def _named(public: bytes, subject: str) -> bytes:
    return public + subject.encode()


def _bound(subject: str) -> bytes:
    return b"sealing key\0" + subject.encode()


def _lock(master: bytes) -> AESGCM:
    return AESGCM(_derived(master, b"lock", _KEY_BYTES))


def _derived(master: bytes, purpose: bytes, size: int) -> bytes:
    return HKDF(SHA256(), size, salt=None, info=b"sealing\0" + purpose).derive(master)
