"""Opening a batch (docs/spec/parcel.md §2): decrypt, unpack, decode, and prove the chain."""

from collections.abc import Mapping
from dataclasses import dataclass

from common.crypto.errors import CannotOpenError
from common.crypto.sealing import SealingKey
from common.crypto.symmetric import NONCE_BYTES, decrypt
from common.journal.batch_parse import ParsedBatch
from common.journal.binding import Suite
from common.journal.chain import StoredEntry, chain_run, decode_run
from common.journal.errors import ChainBrokenError
from common.journal.packing import unpack

NONCE = bytes(NONCE_BYTES)
"""Constant: a batch's key is fresh and seals one ciphertext (parcel.md §2)."""


@dataclass(frozen=True, slots=True)
class OpenedRun:
    """The entries of a batch, proved by its chain.

    Attributes:
        entries: in order, the first with the batch's first number.
        hashes: the chain hash after each.
    """

    entries: tuple[StoredEntry, ...]
    hashes: tuple[bytes, ...]


def open_batch(parsed: ParsedBatch, keyring: Mapping[bytes, SealingKey]) -> OpenedRun:
    """Return the entries of a batch whose signatures were verified.

    Args:
        parsed: the batch.
        keyring: our sealing keys, retired ones too, by their key id.

    Returns:
        The run. ``CannotOpenError`` where it is not sealed to any of the keys or was altered,
        ``PackingError`` where the packed run is not of the stated size, ``FormatError`` where it is not
        that many entries.

    Raises:
        ChainBrokenError: the entries do not lead from the chain hash before to the one after.
    """
    header = parsed.header.binding
    plain = unpack(_decrypt(parsed, keyring), parsed.seal.plain_length)
    entries = decode_run(plain, header.count)
    hashes = chain_run(header.before, entries)
    if hashes[-1] != header.after:
        raise ChainBrokenError("the run does not lead to the chain hash its header names")
    return OpenedRun(entries, tuple(hashes))


def _decrypt(parsed: ParsedBatch, keyring: Mapping[bytes, SealingKey]) -> bytes:
    binding = parsed.binding
    if binding.suite is Suite.OPEN:
        return parsed.ciphertext
    info = binding.associated_data()
    for ref, wrapped in zip(binding.readers, parsed.wraps, strict=True):
        key = keyring.get(ref.key_id)
        if key is not None:
            return decrypt(key.unwrap(wrapped, info), NONCE, parsed.ciphertext, info)
    raise CannotOpenError
