"""Ed25519 signatures under a context (RFC 8032; wire.md §5)."""

from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from common.crypto.errors import BadKeyError, BadSignatureError
from common.crypto.hashing import digest, prefixed

PUBLIC_BYTES = 32
SEED_BYTES = 32
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 8

_P: Final = 2**255 - 19
_ORDER_EIGHT: Final = (
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
)
# With one of these as its key a signature can be made that verifies over any message (RFC 8032 §8.9
# leaves them in; y coordinates of the points of order 1, 2, 4 and 8, canonical or not).
_SMALL_ORDER: Final = frozenset({0, 1, _P - 1, _P, _P + 1, *_ORDER_EIGHT})
_SIGN_BIT: Final = 1 << 255


class SigningKey:
    """A private Ed25519 key; its ``repr`` shows nothing of it."""

    __slots__ = ("_key",)

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def generate(cls) -> "SigningKey":
        """Return a new random key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> "SigningKey":
        """Return the key of a 32-byte seed (RFC 8032 §5.1.5); ``ValueError`` for any other length."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    def seed(self) -> bytes:
        """Return the 32 bytes to keep."""
        return self._key.private_bytes_raw()

    def public(self) -> bytes:
        """Return the 32-byte public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, context: bytes, message: bytes) -> bytes:
        """Return the 64-byte signature over ``context ‖ message``."""
        return self._key.sign(prefixed(context, message))


def check_public(public: bytes) -> None:
    """Insist that a public key can bind its owner.

    Raises:
        BadKeyError: it is not 32 bytes, or a point of small order.
    """
    if len(public) != PUBLIC_BYTES:
        raise BadKeyError("an Ed25519 public key is 32 bytes")
    if int.from_bytes(public, "little") % _SIGN_BIT in _SMALL_ORDER:
        raise BadKeyError("an Ed25519 public key of small order binds nobody")


def verify(public: bytes, context: bytes, message: bytes, signature: bytes) -> None:
    """Insist that ``signature`` is by ``public`` over ``context ‖ message``.

    Raises:
        BadSignatureError: it is not, or the key is none.
    """
    try:
        check_public(public)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, prefixed(context, message))
    except (InvalidSignature, BadKeyError) as error:
        raise BadSignatureError from error


def key_id(public: bytes) -> bytes:
    """Return the 8 bytes by which a signing key is looked up; a hint, never a proof."""
    return digest(b"jiujin/signing-key/1\0", public)[:KEY_ID_BYTES]
