"""Vectors of batches (docs/spec/parcel.md §1 to §3)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import zstandard

from common.crypto.wire import Writer
from common.domain.audience import Audience
from common.domain.node import NodeId
from common.journal.batch import OpenedRun, ParsedBatch, ReaderKey, open_batch, parse_batch, reseal_batch
from common.journal.batch_header import AttachmentRef, BatchHeader, sealed_hash
from common.journal.batch_parse import BATCH, MAGIC, RESEAL
from common.journal.binding import ReaderRef, Suite
from common.journal.chain import encode_run
from common.journal.ids import JournalId
from tests.common.journal.samples import (
    ATTACHMENT,
    HUB,
    JOURNAL,
    KEYRING,
    NEIGHBOUR,
    PUBLIC_JOURNAL,
    SEALING,
    SIGNING,
    TOWNSHIP,
    VILLAGE,
    reader_keys,
    run_of,
    sealed,
    seed,
)
from tests.vectors.entries import shown

Vector = dict[str, Any]
OTHER = SEALING[NEIGHBOUR]


@dataclass(frozen=True)
class Parts:
    """A batch taken apart, to be put together with one part broken."""

    header: BatchHeader
    sealed: bytes
    raw: bytes = b""
    flag: bytes = b"\0"
    signer: NodeId = HUB

    def put(self, **changes: Any) -> bytes:
        """Return the parcel with some parts changed, signed by ``signer``."""
        parts = replace(self, **changes)
        raw = parts.raw or parts.header.encode()
        start = Writer().raw(MAGIC).blob(raw, 99_999).raw(SIGNING[parts.signer].sign(BATCH, raw))
        return start.raw(parts.flag).raw(parts.sealed).done()

    def bound(self, **changes: Any) -> bytes:
        """Return the parcel with another binding."""
        return self.put(header=replace(self.header, binding=replace(self.header.binding, **changes)))

    def named(self, sealed_part: bytes, **lengths: int) -> bytes:
        """Return the parcel with another sealed part, rightly named by its header."""
        seal = replace(
            self.header.seal,
            sealed_length=len(sealed_part),
            sealed_hash=sealed_hash(sealed_part),
            **lengths,
        )
        return self.put(header=replace(self.header, seal=seal), sealed=sealed_part)

    def packed(self, packed: bytes, plain_length: int | None = None) -> bytes:
        """Return an open parcel with other packed bytes."""
        lengths = {} if plain_length is None else {"plain_length": plain_length}
        return self.named(b"\0" + packed, packed_length=len(packed), **lengths)


def _parts(data: bytes) -> Parts:
    header = parse_batch(data).header
    return Parts(header, data[-header.seal.sealed_length :], signer=header.binding.journal.writer)


def batches(kept: Callable[[str], bytes | None]) -> Iterator[tuple[str, Vector]]:
    """Yield batches; ``kept`` gives the sealed examples made before."""
    open_ = sealed(journal=PUBLIC_JOURNAL).data
    closed = kept("good-sealed") or sealed(attachments=[ATTACHMENT]).data
    again = kept("good-resealed") or _resealed(closed)
    yield "good-open", _good(open_)
    yield "good-sealed", _good(closed)
    yield "good-resealed", _good(again, sealer=SIGNING[TOWNSHIP].public())
    for name, data in _open_defects(open_).items():
        yield name, _vector(data, "form")
    for name, data in _closed_defects(closed).items():
        yield name, _vector(data, "form")
    for name, data in _packing_defects(open_).items():
        yield name, _vector(data, "packing")
    for name, (data, error) in _sealing_defects(open_, closed).items():
        yield name, _vector(data, error)
    for name, (data, error) in _reseal_defects(again).items():
        yield name, _vector(data, error, sealer=SIGNING[TOWNSHIP].public())
    stranger = _vector(closed, "cannot-open")
    yield "sealed-to-others", stranger | {"keys": [_seeds(NEIGHBOUR)]}
    yield "re-signed-by-the-township", _vector(_parts(closed).put(signer=TOWNSHIP), "signature")


def _resealed(closed: bytes) -> bytes:
    parsed = parse_batch(closed)
    entries = open_batch(parsed, KEYRING).entries
    erased = (entries[0].erase(), *entries[1:])
    return reseal_batch(parsed, erased, reader_keys(VILLAGE), TOWNSHIP, SIGNING[TOWNSHIP], 1).data


def _seeds(node: NodeId) -> list[str]:
    return [part.hex() for part in SEALING[node].seeds()]


def _vector(data: bytes, error: str, sealer: bytes = b"") -> Vector:
    writer = HUB if b"public" in data[:80] else VILLAGE
    return {
        "bytes": data.hex(),
        "signing": SIGNING[writer].public().hex(),
        "sealer_signing": sealer.hex(),
        "keys": [_seeds(VILLAGE)],
        "expect": {"error": error},
    }


def _good(data: bytes, sealer: bytes = b"") -> Vector:
    parsed = parse_batch(data)
    return _vector(data, "", sealer) | {"expect": described(parsed, open_batch(parsed, KEYRING))}


def described(parsed: ParsedBatch, opened: OpenedRun) -> Vector:
    """Return an opened batch as vectors show it."""
    written = parsed.header.binding
    return {
        "name": parsed.name.hex(),
        "journal": written.journal.encode().hex(),
        "first": written.first,
        "count": written.count,
        "attachments": [[ref.name.hex(), ref.length] for ref in parsed.header.attachments],
        "entries": [shown(one) for one in opened.entries],
        "chain": [value.hex() for value in opened.hashes],
    }


def _open_defects(open_: bytes) -> dict[str, bytes]:
    good = _parts(open_)
    raw = good.header.encode()
    two = (AttachmentRef(seed("a"), 1), AttachmentRef(seed("b"), 1))
    huge = replace(good.header.seal, plain_length=1_048_577)
    return {
        "empty": b"",
        "magic-wrong": b"JJB2" + open_[4:],
        "header-cut": open_[:40],
        "signature-cut": open_[: 4 + 2 + len(raw) + 10],
        "header-above-its-limit": MAGIC + Writer().uint(65_537).done() + bytes(99),
        "header-with-more": good.put(raw=raw + b"\0"),
        "suite-reserved": good.put(raw=b"\x02" + raw[1:]),
        "suite-not-minimal": good.put(raw=b"\x80\x00" + raw[1:]),
        "public-but-sealed": good.bound(suite=Suite.HYBRID),
        "public-with-a-reader": good.bound(readers=(ReaderRef(HUB, bytes(8)),)),
        "first-0": good.bound(first=0),
        "count-0": good.bound(count=0),
        "count-1001": good.bound(count=1001),
        "generation-0": good.bound(generation=0),
        "last-number-too-large": good.bound(first=2**63 - 1),
        "first-after-another-journal": good.bound(before=JOURNAL.digest()),
        "plain-length-0": good.put(header=replace(good.header, seal=replace(huge, plain_length=0))),
        "plain-length-above-its-limit": good.put(header=replace(good.header, seal=huge)),
        "attachments-out-of-order": good.put(header=replace(good.header, attachments=two)),
        "attachment-twice": good.put(header=replace(good.header, attachments=(two[0], two[0]))),
        "reseal-flag-2": good.put(flag=b"\x02"),
        "ciphertext-longer-than-packed": good.named(good.sealed + b"\0"),
        "run-of-more-entries": good.bound(count=1),
        "run-of-fewer-entries": good.bound(count=3),
    }


def _closed_defects(closed: bytes) -> dict[str, bytes]:
    good = _parts(closed)
    hub, township, village = good.header.binding.readers
    neighbours = JournalId(VILLAGE, bytes(16), Audience.township(TOWNSHIP, VILLAGE))
    object.__setattr__(neighbours, "writer", NEIGHBOUR)
    return {
        "open-but-not-public": good.bound(suite=Suite.OPEN),
        "no-reader": good.bound(readers=()),
        "readers-out-of-order": good.bound(readers=(township, hub, village)),
        "reader-twice": good.bound(readers=(hub, hub, village)),
        "reader-outside-the-audience": good.bound(readers=(hub, township, ReaderRef(NEIGHBOUR, bytes(8)))),
        "hub-not-a-reader": good.bound(readers=(township, village)),
        "writer-outside-the-audience": good.bound(journal=neighbours, first=2),
        "wraps-missing": good.named(b"\0" + good.sealed[1:]),
        "wraps-cut": good.named(good.sealed[:30]),
        "wrap-above-its-limit": good.named(good.sealed[:9] + Writer().uint(2049).done() + good.sealed[11:]),
        "wraps-of-other-keys": good.named(good.sealed[:1] + bytes(8) + good.sealed[9:]),
    }


def _packing_defects(open_: bytes) -> dict[str, bytes]:
    good = _parts(open_)
    plain = encode_run(run_of(2))
    frame = good.sealed[1:]
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(plain)
    bomb = zstandard.ZstdCompressor().compress(bytes(16_000_000))
    return {
        "frame-not-zstd": good.packed(plain),
        "frame-cut": good.packed(frame[:-3]),
        "frame-twice": good.packed(frame + frame),
        "frame-with-more": good.packed(frame + b"\0"),
        "frame-without-size": good.packed(unsized),
        "frame-of-another-size": good.packed(frame, len(plain) + 1),
        "frame-that-is-a-bomb": good.packed(bomb, 1_000_000),
    }


def _sealing_defects(open_: bytes, closed: bytes) -> dict[str, tuple[bytes, str]]:
    public, good = _parts(open_), _parts(closed)
    flipped = good.sealed[:-1] + bytes([good.sealed[-1] ^ 1])
    spot = 1 + 3 * (8 + 2 + 1168) - 5
    wrap = good.sealed[:spot] + bytes([good.sealed[spot] ^ 1]) + good.sealed[spot + 1 :]
    signature = 4 + 2 + len(public.header.encode())
    own = JournalId(TOWNSHIP, JOURNAL.epoch, JOURNAL.audience)
    taken = replace(good.header.binding, journal=own, before=own.digest())
    return {
        "sealed-part-flipped": (good.put(sealed=flipped), "sealed-bytes"),
        "sealed-part-cut": (closed[:-1], "sealed-bytes"),
        "bytes-after-the-end": (closed + b"\0", "sealed-bytes"),
        "ciphertext-flipped": (good.named(flipped), "cannot-open"),
        "wrap-flipped": (good.named(wrap), "cannot-open"),
        "bound-to-another-generation": (good.bound(generation=2), "cannot-open"),
        "bound-to-other-numbers": (good.bound(first=2), "cannot-open"),
        "taken-for-the-townships-own": (
            good.put(header=replace(good.header, binding=taken), signer=VILLAGE),
            "cannot-open",
        ),
        "signature-flipped": (
            open_[:signature] + bytes([open_[signature] ^ 1]) + open_[signature + 1 :],
            "signature",
        ),
        "signed-by-another-node": (public.put(signer=TOWNSHIP), "signature"),
        "chain-to-another-hash": (public.bound(after=seed("after")), "chain"),
        "run-replaced": (public.packed(_packed("other"), len(encode_run(run_of(2, "other")))), "chain"),
    }


def _packed(label: str) -> bytes:
    return zstandard.ZstdCompressor().compress(encode_run(run_of(2, label)))


def _reseal_defects(again: bytes) -> dict[str, tuple[bytes, str]]:
    parsed = parse_batch(again)
    assert parsed.reseal is not None
    statement = parsed.reseal.statement
    sealed_part = again[-statement.seal.sealed_length :]
    start = again[: again.index(parsed.signature) + 64]

    def put(raw: bytes, signer: NodeId = TOWNSHIP) -> bytes:
        signed = Writer().raw(start).uint(1).blob(raw, 65_536).raw(SIGNING[signer].sign(RESEAL, raw))
        return signed.raw(sealed_part).done()

    stranger = ReaderKey(NEIGHBOUR, OTHER.public()).ref()
    bound = statement.binding
    return {
        "reseal-cut": (put(parsed.reseal.raw[:-1]), "form"),
        "reseal-with-more": (put(parsed.reseal.raw + b"\0"), "form"),
        "reseal-of-another-run": (put(replace(statement, binding=replace(bound, count=1)).encode()), "form"),
        "reseal-to-a-stranger": (
            put(replace(statement, binding=replace(bound, readers=(stranger,))).encode()),
            "form",
        ),
        "reseal-by-a-stranger": (put(replace(statement, sealer=NEIGHBOUR).encode(), NEIGHBOUR), "form"),
        "reseal-generation-0": (put(replace(statement, generation=0).encode()), "form"),
        "reseal-signed-by-another": (put(parsed.reseal.raw, NEIGHBOUR), "signature"),
        "reseal-of-other-bytes": (again[:-1] + bytes([again[-1] ^ 1]), "sealed-bytes"),
    }
