"""Sealing to a reader: HPKE base mode (RFC 9180) with the hybrid KEM MLKEM768-X25519.

KEM 0x647a (draft-ietf-hpke-pq), KDF HKDF-SHA256 0x0001, AEAD AES-256-GCM 0x0002 (identity.md §2). It does not
say who sealed: what must be known to come from somebody is signed.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from common.crypto.errors import BadKeyError, CannotOpenError
from common.crypto.hashing import digest

MLKEM_PUBLIC_BYTES = 1184
PUBLIC_BYTES = MLKEM_PUBLIC_BYTES + 32
MLKEM_SEED_BYTES = 64
X25519_SEED_BYTES = 32
KEY_ID_BYTES = 8
SECRET_BYTES = 32
OVERHEAD_BYTES = 1120 + 16
"""Encapsulated key and tag: how much longer sealed bytes are than plain ones."""
WRAPPED_BYTES = OVERHEAD_BYTES + SECRET_BYTES

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class SealingKey:
    """A private hybrid key; kept as its two seeds, since the pair itself has no export."""

    __slots__ = ("_mlkem", "_pair", "_x25519")

    def __init__(self, mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> None:
        self._mlkem = mlkem
        self._x25519 = x25519
        self._pair = MLKEM768X25519PrivateKey(mlkem, x25519)

    @classmethod
    def generate(cls) -> "SealingKey":
        """Return a new random key."""
        return cls(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())

    @classmethod
    def from_seeds(cls, mlkem: bytes, x25519: bytes) -> "SealingKey":
        """Return the key of its seeds, 64 and 32 bytes; ``ValueError`` for any other length."""
        return cls(MLKEM768PrivateKey.from_seed_bytes(mlkem), X25519PrivateKey.from_private_bytes(x25519))

    def seeds(self) -> tuple[bytes, bytes]:
        """Return the ML-KEM seed (64 bytes) and the X25519 seed (32 bytes) to keep."""
        return self._mlkem.private_bytes_raw(), self._x25519.private_bytes_raw()

    def public(self) -> bytes:
        """Return the public key: ML-KEM-768 (1,184 bytes) ‖ X25519 (32 bytes)."""
        mlkem = self._mlkem.public_key().public_bytes_raw()
        return mlkem + self._x25519.public_key().public_bytes_raw()

    def key_id(self) -> bytes:
        """Return the 8 bytes by which wraps name this key."""
        return key_id(self.public())

    def unwrap(self, wrapped: bytes, info: bytes) -> bytes:
        """Return the 32-byte secret of ``wrap``.

        Raises:
            CannotOpenError: it was wrapped to another key, for another context, or altered.
        """
        secret = open_from(self, wrapped, info)
        if len(secret) != SECRET_BYTES:
            raise CannotOpenError
        return secret

    def decrypt(self, sealed: bytes, info: bytes) -> bytes:
        """Return the plain bytes, or raise the library's own error; ``open_from`` is what to call."""
        return _SUITE.decrypt(sealed, self._pair, info)


def key_id(public: bytes) -> bytes:
    """Return the 8-byte id of a public sealing key; a hint, never a proof."""
    return digest(b"jiujin/key/1\0", public)[:KEY_ID_BYTES]


def wrap(public: bytes, secret: bytes, info: bytes) -> bytes:
    """Return a 32-byte secret sealed to one reader, ``WRAPPED_BYTES`` long.

    Raises:
        ValueError: the secret is not 32 bytes.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError("only a 32-byte secret is wrapped")
    return seal_to(public, secret, info)


def seal_to(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Return ``plaintext`` sealed to one reader, ``OVERHEAD_BYTES`` longer.

    Args:
        public: the reader's 1,216-byte public key.
        plaintext: what only the reader shall see.
        info: the context it is bound to; opening needs the same.

    Raises:
        BadKeyError: the public key is none.
    """
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC_BYTES])
        x25519 = X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC_BYTES:])
        return _SUITE.encrypt(plaintext, MLKEM768X25519PublicKey(mlkem, x25519), info)
    except ValueError as error:  # wrong length, coefficients out of range, or an X25519 point of small order
        raise BadKeyError("not a hybrid public key") from error


def open_from(key: SealingKey, sealed: bytes, info: bytes) -> bytes:
    """Return the plain bytes of ``seal_to``.

    Raises:
        CannotOpenError: they were sealed to another key, for another context, or altered.
    """
    try:
        return key.decrypt(sealed, info)
    except InvalidTag as error:
        raise CannotOpenError from error


def check_public(public: bytes) -> None:
    """Insist that something can be sealed to a public key; ``BadKeyError`` otherwise."""
    seal_to(public, b"", b"")
