"""Sealing a run again (docs/spec/parcel.md §3): a reader's doing, proved by the writer's own header."""

from collections.abc import Iterable, Sequence

from common.crypto.signing import SIGNATURE_BYTES, SigningKey
from common.crypto.wire import Writer
from common.domain.node import NodeId
from common.journal.batch_parse import RESEAL, ParsedBatch
from common.journal.batch_seal import SealedBatch, assemble, seal_run
from common.journal.binding import ReaderKey
from common.journal.chain import StoredEntry, chain_run, encode_run
from common.journal.errors import ChainBrokenError
from common.journal.ids import parcel_name
from common.journal.limits import BATCH_HEADER_MAX
from common.journal.reseal_statement import ResealStatement


def reseal_batch(
    parsed: ParsedBatch,
    entries: Sequence[StoredEntry],
    readers: Iterable[ReaderKey],
    sealer: NodeId,
    signer: SigningKey,
    sealer_generation: int,
) -> SealedBatch:
    """Return the same run under the writer's unchanged header, sealed to other keys.

    Args:
        parsed: the batch as it was.
        entries: its run, entries erased since allowed.
        readers: keys certified for readers of the journal; ``BadKeyError`` where one is none.
        sealer: who seals, the writer or a reader of the journal.
        signer: the sealer's signing key.
        sealer_generation: of that key.

    Raises:
        ChainBrokenError: the entries are not the run of that header.
        ValueError: a rule of parcel.md §1 or §3 would be broken.
    """
    written = parsed.header.binding
    if chain_run(written.before, entries)[-1:] != [written.after]:
        raise ChainBrokenError("these are not the entries of that batch")
    keys = sorted(readers, key=lambda key: key.node)
    binding = written.for_readers(keys)
    broken = binding.broken_rule(resealed=True)
    if broken or sealer not in written.journal.readers() | {written.journal.writer}:
        raise ValueError(broken or "only the writer or a reader of the journal seals again")
    seal, sealed = seal_run(binding, encode_run(entries), keys)
    raw = ResealStatement(binding, seal, sealer, sealer_generation).encode()
    again = Writer().uint(1).blob(raw, BATCH_HEADER_MAX)
    again.fixed(signer.sign(RESEAL, raw), SIGNATURE_BYTES)
    data = assemble(parsed.raw_header, parsed.signature, again.done(), sealed)
    return SealedBatch(data, parcel_name(data), parsed.header)
