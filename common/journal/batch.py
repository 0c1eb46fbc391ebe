"""Everything about batches that other layers call, by name (docs/spec/parcel.md)."""

from common.journal.batch_header import AttachmentRef, BatchHeader
from common.journal.batch_open import OpenedRun, open_batch
from common.journal.batch_parse import ParsedBatch, parse_batch, verify_batch, verify_reseal
from common.journal.batch_reseal import reseal_batch
from common.journal.batch_seal import SealedBatch, seal_batch
from common.journal.binding import ReaderKey, Suite

__all__ = [
    "AttachmentRef",
    "BatchHeader",
    "OpenedRun",
    "ParsedBatch",
    "ReaderKey",
    "SealedBatch",
    "Suite",
    "open_batch",
    "parse_batch",
    "reseal_batch",
    "seal_batch",
    "verify_batch",
    "verify_reseal",
]
