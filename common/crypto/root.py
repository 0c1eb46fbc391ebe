"""The county root: off line, on sticks; signs the hub by generation and epoch (identity.md §5)."""

from common.crypto.certificates import HubCertificate, issue
from common.crypto.hashing import digest
from common.crypto.signing import SigningKey

FINGERPRINT_BYTES = 16
_GROUP = 4


class CountyRoot:
    """The private key everything in a county is pinned to."""

    __slots__ = ("_key",)

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    @classmethod
    def create(cls) -> "CountyRoot":
        """Return a new root; its seed belongs into a key file on two sticks and nowhere else."""
        return cls(SigningKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> "CountyRoot":
        """Return the root of a 32-byte seed; ``ValueError`` for any other length."""
        return cls(SigningKey.from_seed(seed))

    def seed(self) -> bytes:
        """Return the 32 bytes to keep."""
        return self._key.seed()

    def public(self) -> bytes:
        """Return the 32-byte public key every node pins."""
        return self._key.public()

    def fingerprint(self) -> bytes:
        """Return the 16 bytes an invitation code carries."""
        return fingerprint(self.public())

    def certify_hub(self, cert: HubCertificate) -> bytes:
        """Return the hub's certificate, signed."""
        return issue(self._key, cert)


def fingerprint(root_public: bytes) -> bytes:
    """Return the 16-byte fingerprint of a root's public key."""
    return digest(b"jiujin/root/1\0", root_public)[:FINGERPRINT_BYTES]


def spoken(root_fingerprint: bytes) -> str:
    """Return a fingerprint for two people to compare: eight groups of four hexadecimal digits."""
    text = root_fingerprint.hex()
    return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
