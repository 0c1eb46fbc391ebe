"""What a backup is sealed with: pieces named by their content under a key, each authenticated (backup.md)."""

from dataclasses import dataclass, field
from typing import Self

from common.crypto.errors import CannotOpenError
from common.crypto.hashing import digest, same
from common.crypto.symmetric import KEY_BYTES, NONCE_BYTES, decrypt, derive, encrypt, random_bytes

_NAMES, _CONTENTS = b"jiujin/backup-names/1\0", b"jiujin/backup-contents/1\0"
_NAME = b"jiujin/backup-name/1\0"


@dataclass(frozen=True, slots=True)
class BackupKeys:
    """The keys of one backup, derived from the one its passphrase unlocks."""

    names: bytes = field(repr=False)
    contents: bytes = field(repr=False)

    @classmethod
    def of(cls, master: bytes) -> Self:
        """Return the keys of a 32-byte master key."""
        return cls(derive(master, _NAMES), derive(master, _CONTENTS))

    def name(self, data: bytes) -> bytes:
        """Return a piece's name (32 bytes): equal pieces have one; without the key it tells nothing."""
        return digest(_NAME, self.names, data)

    def seal(self, data: bytes, what: bytes) -> bytes:
        """Return nonce, ciphertext and tag; ``what`` is authenticated and must be said to open it."""
        nonce = random_bytes(NONCE_BYTES)
        return nonce + encrypt(self.contents, nonce, data, what)

    def open(self, sealed: bytes, what: bytes) -> bytes:
        """Return what ``seal`` sealed; ``CannotOpenError`` where it is another piece, altered or cut."""
        return decrypt(
            self.contents, sealed[:NONCE_BYTES].ljust(NONCE_BYTES, b"\0"), sealed[NONCE_BYTES:], what
        )

    def open_piece(self, sealed: bytes, name: bytes) -> bytes:
        """Return a piece after checking that it is what its name says.

        Raises:
            CannotOpenError: it is not.
        """
        data = self.open(sealed, name)
        if not same(self.name(data), name):
            raise CannotOpenError
        return data


def new_master() -> bytes:
    """Return a new random master key, to be wrapped under the backup's passphrase."""
    return random_bytes(KEY_BYTES)
