"""The four public keys a node is known by, and proof that it holds them (identity.md §3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from common.crypto import sealing, signing
from common.crypto.hashing import digest
from common.crypto.wire import Reader, Writer


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What a node's certificate names.

    Attributes:
        signing: Ed25519, 32 bytes; signs entries, batches and statements.
        sealing: hybrid HPKE key, 1,216 bytes; what is for the node is sealed to it.
        transport: Ed25519, 32 bytes; the node's SSH key, host and user.
        receipt: Ed25519, 32 bytes; signs *held* receipts even while the box is locked.
    """

    signing: bytes
    sealing: bytes
    transport: bytes
    receipt: bytes

    def __post_init__(self) -> None:
        """Refuse wrong lengths and one key in two roles.

        Raises:
            ValueError: a length is wrong, or two of the three Ed25519 keys are the same.
        """
        ed25519 = (self.signing, self.transport, self.receipt)
        if any(len(key) != signing.PUBLIC_BYTES for key in ed25519):
            raise ValueError("an Ed25519 public key is 32 bytes")
        if len(self.sealing) != sealing.PUBLIC_BYTES:
            raise ValueError("a hybrid public key is 1,216 bytes")
        if len(set(ed25519)) != len(ed25519):
            raise ValueError("every role has a key of its own")

    def write(self, writer: Writer) -> None:
        """Append the keys in the order of the fields."""
        writer.fixed(self.signing, signing.PUBLIC_BYTES).fixed(self.sealing, sealing.PUBLIC_BYTES)
        writer.fixed(self.transport, signing.PUBLIC_BYTES).fixed(self.receipt, signing.PUBLIC_BYTES)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read what ``write`` appends; ``FormatError`` when cut off or when two roles share a key."""
        keys = (
            reader.fixed(signing.PUBLIC_BYTES),
            reader.fixed(sealing.PUBLIC_BYTES),
            reader.fixed(signing.PUBLIC_BYTES),
            reader.fixed(signing.PUBLIC_BYTES),
        )
        try:
            return cls(*keys)
        except ValueError as error:
            raise reader.fail("two roles share a key") from error

    def digest(self) -> bytes:
        """Return the 32 bytes by which two sets of keys are compared."""
        writer = Writer()
        self.write(writer)
        return digest(b"jiujin/public-keys/1\0", writer.done())

    def check(self) -> None:
        """Insist that every key can be used; ``BadKeyError`` for one that binds nobody or opens nothing."""
        for key in (self.signing, self.transport, self.receipt):
            signing.check_public(key)
        sealing.check_public(self.sealing)


ROLE_CONTEXTS = (
    b"jiujin/possession-signing/1\0",
    b"jiujin/possession-transport/1\0",
    b"jiujin/possession-receipt/1\0",
)
PROOF_BYTES = signing.SIGNATURE_BYTES * len(ROLE_CONTEXTS)


def check_possession(keys: PublicKeys, transcript: bytes, proofs: bytes) -> None:
    """Insist that whoever made ``proofs`` holds the three Ed25519 keys.

    The sealing key needs no proof here: the answer is sealed to it, so only its holder can use it.
    A signature that is not by its key ends in ``BadSignatureError``.

    Args:
        keys: what is claimed.
        transcript: the 32-byte digest of everything the letter binds.
        proofs: three signatures in the order of ``ROLE_CONTEXTS``.
    """
    size = signing.SIGNATURE_BYTES
    for index, (public, context) in enumerate(zip(_signers(keys), ROLE_CONTEXTS, strict=True)):
        signing.verify(public, context, transcript, proofs[index * size : (index + 1) * size])


def _signers(keys: PublicKeys) -> Sequence[bytes]:
    return keys.signing, keys.transport, keys.receipt
