"""An invitation: the county root's fingerprint and a one-time secret, in one code (identity.md §6)."""

from dataclasses import dataclass, field
from typing import Self

from common.crypto.hashing import digest
from common.crypto.root import FINGERPRINT_BYTES
from common.crypto.spelling import CodeError, read, spell
from common.crypto.symmetric import random_bytes

SECRET_BYTES = 10
CODE_CHARACTERS = 45
_CONTEXT = b"jiujin/invitation-code/1\0"


class InvitationCodeError(CodeError):
    """The typed text is no invitation code; ``sentence`` says in Chinese what to do."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the code carries; when it expires and for which node is the hub's to know.

    Attributes:
        fingerprint: 16 bytes of the county root's fingerprint.
        secret: 10 random bytes, used once.
    """

    fingerprint: bytes
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse wrong lengths.

        Raises:
            ValueError: the fingerprint is not 16 or the secret not 10 bytes.
        """
        if len(self.fingerprint) != FINGERPRINT_BYTES or len(self.secret) != SECRET_BYTES:
            raise ValueError("an invitation is 16 bytes of fingerprint and 10 of secret")

    @classmethod
    def create(cls, fingerprint: bytes) -> Self:
        """Return a new invitation under a root's 16-byte fingerprint."""
        return cls(fingerprint, random_bytes(SECRET_BYTES))

    def code(self) -> str:
        """Return the code to type or scan: nine groups of five characters."""
        return spell(self.fingerprint + self.secret, CODE_CHARACTERS, _CONTEXT)

    def secret_digest(self) -> bytes:
        """Return the 32 bytes the hub keeps instead of the secret."""
        return secret_digest(self.secret)


def parse_code(typed: str) -> Invitation:
    """Return the invitation of a typed code; case, spaces, dashes and look-alike letters do not matter.

    Raises:
        InvitationCodeError: it is no invitation code.
    """
    try:
        payload = read(typed, FINGERPRINT_BYTES + SECRET_BYTES, CODE_CHARACTERS, _CONTEXT)
    except CodeError as error:
        raise InvitationCodeError(str(error), "邀请{code}", code=error.sentence) from error
    return Invitation(payload[:FINGERPRINT_BYTES], payload[FINGERPRINT_BYTES:])


def secret_digest(secret: bytes) -> bytes:
    """Return the digest of a one-time secret; 80 random bits are not to be guessed from it."""
    return digest(b"jiujin/invitation-secret/1\0", secret)
