"""AES-256-GCM, key derivation and randomness."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from common.crypto.errors import CannotOpenError
from common.crypto.hashing import prefixed

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


def random_bytes(size: int) -> bytes:
    """Return ``size`` bytes from the operating system's generator."""
    return secrets.token_bytes(size)


def encrypt(key: bytes, nonce: bytes, data: bytes, aad: bytes) -> bytes:
    """Return ciphertext and tag (16 bytes longer than ``data``); never use a nonce twice with one key.

    Args:
        key: 32 bytes.
        nonce: 12 bytes.
        data: the plain bytes.
        aad: authenticated, not encrypted.
    """
    return _cipher(key, nonce).encrypt(nonce, data, aad)


def decrypt(key: bytes, nonce: bytes, data: bytes, aad: bytes) -> bytes:
    """Return the plain bytes of what ``encrypt`` made with the same key, nonce and aad.

    Raises:
        CannotOpenError: any of them differs, or a byte was altered.
    """
    try:
        return _cipher(key, nonce).decrypt(nonce, data, aad)
    except InvalidTag as error:
        raise CannotOpenError from error


def derive(key: bytes, label: bytes, size: int = KEY_BYTES) -> bytes:
    """Return ``size`` bytes for one purpose from a uniformly random key (HKDF-SHA256, RFC 5869, no salt).

    Args:
        key: 32 random bytes, not a password.
        label: a context ending in its only zero byte.
        size: how many bytes, at most 8,160.
    """
    return HKDF(algorithm=SHA256(), length=size, salt=None, info=prefixed(label, b"")).derive(key)


def _cipher(key: bytes, nonce: bytes) -> AESGCM:
    if len(key) != KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise ValueError("AES-256-GCM takes a key of 32 and a nonce of 12 bytes")
    return AESGCM(key)
