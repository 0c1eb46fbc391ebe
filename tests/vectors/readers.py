"""Both decoders as one kind of function: from a vector to what it shows, or to the error's name."""

from collections.abc import Callable
from typing import Any

from common.crypto.errors import BadSignatureError, CannotOpenError
from common.crypto.hashing import digest
from common.crypto.sealing import SealingKey
from common.crypto.wire import FormatError
from common.journal.attachment import open_attachment
from common.journal.batch import open_batch, parse_batch, verify_batch, verify_reseal
from common.journal.chain import chain_run, decode_run
from common.journal.checkpoint import read_checkpoint
from common.journal.cover import Cover, NotCoveredError
from common.journal.entry import EntryHeader
from common.journal.errors import ChainBrokenError, PackingError, SealedBytesError
from common.journal.figures import read_figures
from common.journal.ids import JournalId
from common.journal.merkle import MerklePath, verify_path
from common.journal.receipt import read_receipt
from common.journal.statement import Statement
from common.sync.errors import BrokenRuleError
from tests.second_decoder import journal, parcel, statement, wire, word
from tests.vectors import batches, entries, statements, words

Vector = dict[str, Any]
Read = Callable[[Vector], Vector]

ERRORS: dict[type[Exception], str] = {
    FormatError: "form",
    BadSignatureError: "signature",
    SealedBytesError: "sealed-bytes",
    CannotOpenError: "cannot-open",
    PackingError: "packing",
    ChainBrokenError: "chain",
    BrokenRuleError: "form",
    NotCoveredError: "not-covered",
}


def _bytes(vector: Vector, member: str = "bytes") -> bytes:
    return bytes.fromhex(vector[member])


def _our_journal_id(vector: Vector) -> Vector:
    read = JournalId.decode(_bytes(vector))
    return {
        "writer": read.writer.text,
        "epoch": read.epoch.hex(),
        "audience": read.audience.text,
        "digest": read.digest().hex(),
    }


def _our_run(vector: Vector) -> Vector:
    read = decode_run(_bytes(vector), vector["count"])
    chain = chain_run(_bytes(vector, "before"), read)
    return {"entries": [entries.shown(one) for one in read], "chain": [value.hex() for value in chain]}


def _our_batch(vector: Vector) -> Vector:
    data = _bytes(vector)
    parsed = parse_batch(data)
    verify_batch(parsed, _bytes(vector, "signing"))
    if parsed.reseal is not None:
        verify_reseal(parsed.reseal, _bytes(vector, "sealer_signing"))
    keys = [SealingKey.from_seeds(*map(bytes.fromhex, seeds)) for seeds in vector["keys"]]
    return batches.described(parsed, open_batch(parsed, {key.key_id(): key for key in keys}))


def _our_attachment(vector: Vector) -> Vector:
    return {"plain": open_attachment(_bytes(vector), _bytes(vector, "key"), vector["length"]).hex()}


def _our_statement(vector: Vector) -> Statement:
    read = Statement.decode(_bytes(vector))
    read.verify(_bytes(vector, "signing"))
    return read


def _our_path(vector: Vector) -> Vector:
    path = MerklePath.decode(_bytes(vector))
    joined = verify_path(_bytes(vector, "leaf"), path, _bytes(vector, "root"))
    return {"index": path.index, "leaf_count": path.leaf_count, "joined": joined}


OURS: dict[str, Read] = {
    "journal-id": _our_journal_id,
    "entry-header": lambda vector: entries.described(EntryHeader.decode(_bytes(vector))),
    "run": _our_run,
    "batch": _our_batch,
    "attachment": _our_attachment,
    "receipt": lambda vector: statements.described(read_receipt(_our_statement(vector))),
    "checkpoint": lambda vector: statements.described_checkpoint(read_checkpoint(_our_statement(vector))),
    "path": _our_path,
    "word": lambda vector: words.read(_bytes(vector), _bytes(vector, "signing")),
    "cover": lambda vector: statements.described_cover(Cover.decode(_bytes(vector))),
    "figures": lambda vector: statements.described_figures(read_figures(_our_statement(vector))),
}


def _their_batch(vector: Vector) -> Vector:
    keys = {}
    for one in vector["keys"]:
        mlkem, x25519 = map(bytes.fromhex, one)
        public = SealingKey.from_seeds(mlkem, x25519).public()
        keys[digest(b"jiujin/key/1\0", public)[:8]] = (mlkem, x25519)
    return parcel.batch(_bytes(vector), _bytes(vector, "signing"), keys, _bytes(vector, "sealer_signing"))


THEIRS: dict[str, Read] = {
    "journal-id": lambda vector: journal.journal_id(_bytes(vector)),
    "entry-header": lambda vector: journal.entry_header(_bytes(vector)),
    "run": lambda vector: journal.run(_bytes(vector), vector["count"], _bytes(vector, "before")),
    "batch": _their_batch,
    "attachment": lambda vector: parcel.attachment(_bytes(vector), _bytes(vector, "key"), vector["length"]),
    "receipt": lambda vector: statement.receipt(_bytes(vector), _bytes(vector, "signing")),
    "checkpoint": lambda vector: statement.checkpoint(_bytes(vector), _bytes(vector, "signing")),
    "cover": lambda vector: statement.cover(_bytes(vector), [vector["hub"]]),
    "figures": lambda vector: statement.figures(_bytes(vector), _bytes(vector, "signing")),
    "path": lambda vector: statement.path(_bytes(vector), _bytes(vector, "leaf"), _bytes(vector, "root")),
    "word": lambda vector: word.word(_bytes(vector), _bytes(vector, "signing")),
}


def ours(form: str, vector: Vector) -> Vector:
    """Return what the product reads, or the name of its error."""
    try:
        return OURS[form](vector)
    except tuple(ERRORS) as error:
        return {"error": ERRORS[type(error)]}


def theirs(form: str, vector: Vector) -> Vector:
    """Return what the second decoder reads, or the name of its error."""
    try:
        return THEIRS[form](vector)
    except wire.Refused as error:
        return {"error": error.code}
