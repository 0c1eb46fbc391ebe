"""HPKE base mode and the hybrid KEM once more, from RFC 9180 §4–5 and draft-ietf-hpke-pq alone."""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

MLKEM_CIPHERTEXT = 1088
COMBINER_LABEL = rb"\.//^" + b"\\"


@dataclass(frozen=True, slots=True)
class Schedule:
    """The suite numbers of RFC 9180 §7 and what the key schedule makes under them."""

    kem: int
    aead: int
    key_bytes: int
    kdf: int = 1

    def key_and_nonce(self, shared_secret: bytes, info: bytes) -> tuple[bytes, bytes]:
        psk_id_hash = self._extract(b"", b"psk_id_hash", b"")
        context = b"\0" + psk_id_hash + self._extract(b"", b"info_hash", info)
        secret = self._extract(shared_secret, b"secret", b"")
        return (
            self._expand(secret, b"key", context, self.key_bytes),
            self._expand(secret, b"base_nonce", context, 12),
        )

    @property
    def _suite(self) -> bytes:
        return b"HPKE" + b"".join(number.to_bytes(2) for number in (self.kem, self.kdf, self.aead))

    def _extract(self, salt: bytes, label: bytes, ikm: bytes) -> bytes:
        return hmac.digest(salt, b"HPKE-v1" + self._suite + label + ikm, "sha256")

    def _expand(self, key: bytes, label: bytes, info: bytes, size: int) -> bytes:
        labelled = size.to_bytes(2) + b"HPKE-v1" + self._suite + label + info
        return hmac.digest(key, labelled + b"\1", "sha256")[:size]


def expand_seed(seed: bytes) -> tuple[bytes, bytes]:
    """Return the ML-KEM and X25519 seeds of the draft's 32-byte private key."""
    expanded = hashlib.shake_256(seed).digest(96)
    return expanded[:64], expanded[64:]


def decapsulate(seeds: tuple[bytes, bytes], enc: bytes) -> bytes:
    """Return the hybrid shared secret of an encapsulated key."""
    x25519 = X25519PrivateKey.from_private_bytes(seeds[1])
    theirs = enc[MLKEM_CIPHERTEXT:]
    post_quantum = MLKEM768PrivateKey.from_seed_bytes(seeds[0]).decapsulate(enc[:MLKEM_CIPHERTEXT])
    traditional = x25519.exchange(X25519PublicKey.from_public_bytes(theirs))
    mine = x25519.public_key().public_bytes_raw()
    return hashlib.sha3_256(post_quantum + traditional + theirs + mine + COMBINER_LABEL).digest()
