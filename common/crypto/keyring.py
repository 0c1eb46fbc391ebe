"""A node's private keys, split by what a locked box may use (design §6; identity.md §9)."""

from dataclasses import dataclass, field
from typing import Self

from common.crypto.public_keys import ROLE_CONTEXTS, PublicKeys
from common.crypto.sealing import MLKEM_SEED_BYTES, X25519_SEED_BYTES, SealingKey
from common.crypto.signing import SEED_BYTES, SigningKey
from common.crypto.wire import FormatError, Reader, Writer

RETIRED_MAX = 64
"""Retired sealing keys one file holds; each is kept for the longest offline time plus retention."""

_OPEN_MAGIC = b"JJO1"
_LOCKED_MAGIC = b"JJL1"
_AUTHORITY_MAGIC = b"JJA1"
_MAGIC_BYTES = 4


@dataclass(frozen=True, slots=True)
class OpenKeys:
    """What works while the box is locked: the line, and receipts that say *held*."""

    transport: SigningKey = field(repr=False)
    receipt: SigningKey = field(repr=False)

    def to_bytes(self) -> bytes:
        """Return the keys as kept in the open part of the data directory (readable by its owner only)."""
        writer = Writer().raw(_OPEN_MAGIC)
        return writer.fixed(self.transport.seed(), SEED_BYTES).fixed(self.receipt.seed(), SEED_BYTES).done()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read ``to_bytes``; ``FormatError`` for anything else."""
        reader = _opened(data, _OPEN_MAGIC)
        keys = cls(transport=_signing(reader), receipt=_signing(reader))
        reader.end()
        return keys


@dataclass(frozen=True, slots=True)
class LockedKeys:
    """What works only after a helper's sign-in: writing entries and opening what is for the node.

    Attributes:
        signing: signs entries, batches and statements.
        sealing: the current sealing key.
        retired: earlier sealing keys, newest first, at most ``RETIRED_MAX``.
    """

    signing: SigningKey = field(repr=False)
    sealing: SealingKey = field(repr=False)
    retired: tuple[SealingKey, ...] = field(default=(), repr=False)

    def keyring(self) -> dict[bytes, SealingKey]:
        """Return every key that can open something, retired ones too, by its 8-byte key id."""
        return {key.key_id(): key for key in (self.sealing, *self.retired)}

    def to_bytes(self) -> bytes:
        """Return the keys as they go into a key file or the vault: never written to disk as they are."""
        writer = Writer().raw(_LOCKED_MAGIC).fixed(self.signing.seed(), SEED_BYTES)
        _write_sealing(writer, self.sealing)
        return writer.items(self.retired, RETIRED_MAX, _write_sealing).done()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read ``to_bytes``; ``FormatError`` for anything else."""
        reader = _opened(data, _LOCKED_MAGIC)
        keys = cls(_signing(reader), _sealing(reader), reader.items(RETIRED_MAX, _sealing))
        reader.end()
        return keys


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """All four private keys of a node, one per role."""

    signing: SigningKey = field(repr=False)
    sealing: SealingKey = field(repr=False)
    transport: SigningKey = field(repr=False)
    receipt: SigningKey = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Return new random keys."""
        return cls(SigningKey.generate(), SealingKey.generate(), SigningKey.generate(), SigningKey.generate())

    @classmethod
    def joined(cls, opened: OpenKeys, locked: LockedKeys) -> Self:
        """Return the keys of both parts, without the retired ones."""
        return cls(locked.signing, locked.sealing, opened.transport, opened.receipt)

    def split(self) -> tuple[OpenKeys, LockedKeys]:
        """Return what stays open and what is locked."""
        return OpenKeys(self.transport, self.receipt), LockedKeys(self.signing, self.sealing)

    def public(self) -> PublicKeys:
        """Return what the node's certificate names."""
        return PublicKeys(
            signing=self.signing.public(),
            sealing=self.sealing.public(),
            transport=self.transport.public(),
            receipt=self.receipt.public(),
        )

    def prove(self, transcript: bytes) -> bytes:
        """Return the three signatures that ``check_possession`` asks for."""
        signers = (self.signing, self.transport, self.receipt)
        return b"".join(
            key.sign(context, transcript) for key, context in zip(signers, ROLE_CONTEXTS, strict=True)
        )


@dataclass(frozen=True, slots=True)
class AuthorityKeys:
    """What the hub signs other nodes' certificates with; kept apart from the database.

    Attributes:
        authority: signs node certificates.
        ssh_authority: signs SSH certificates and nothing else.
    """

    authority: SigningKey = field(repr=False)
    ssh_authority: SigningKey = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Return new random keys."""
        return cls(SigningKey.generate(), SigningKey.generate())

    def to_bytes(self) -> bytes:
        """Return the keys as they go into a key file: never written to disk as they are."""
        writer = Writer().raw(_AUTHORITY_MAGIC)
        writer.fixed(self.authority.seed(), SEED_BYTES).fixed(self.ssh_authority.seed(), SEED_BYTES)
        return writer.done()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read ``to_bytes``; ``FormatError`` for anything else."""
        reader = _opened(data, _AUTHORITY_MAGIC)
        keys = cls(authority=_signing(reader), ssh_authority=_signing(reader))
        reader.end()
        return keys


def _opened(data: bytes, magic: bytes) -> Reader:
    reader = Reader(data)
    if reader.fixed(_MAGIC_BYTES) != magic:
        raise FormatError("not the expected kind of key file", 0)
    return reader


def _signing(reader: Reader) -> SigningKey:
    return SigningKey.from_seed(reader.fixed(SEED_BYTES))


def _sealing(reader: Reader) -> SealingKey:
    return SealingKey.from_seeds(reader.fixed(MLKEM_SEED_BYTES), reader.fixed(X25519_SEED_BYTES))


def _write_sealing(writer: Writer, key: SealingKey) -> None:
    mlkem, x25519 = key.seeds()
    writer.fixed(mlkem, MLKEM_SEED_BYTES).fixed(x25519, X25519_SEED_BYTES)
