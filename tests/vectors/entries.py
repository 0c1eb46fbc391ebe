"""Vectors of journal ids, entry headers and runs (docs/spec/journal.md)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from common.crypto.wire import Writer
from common.domain.entries import EntryClass
from common.journal.chain import StoredEntry, chain_run, encode_entry, encode_run
from common.journal.entry import UNMEASURED, EntryHeader
from tests.common.journal.samples import JOURNAL, PUBLIC_JOURNAL, case_id, fact, run_of, seed

Named = Iterator[tuple[str, dict[str, Any]]]
FORM = {"error": "form"}


def _journal_id(writer: str, audience: str, epoch: bytes = bytes(16)) -> bytes:
    return Writer().text(writer, 99).raw(epoch).text(audience, 99).done()


def journal_ids() -> Named:
    """Yield journal ids."""
    village, hub = "130638-0417", "130638-0001"
    for name, journal in (("good-township", JOURNAL), ("good-public", PUBLIC_JOURNAL)):
        expect = {
            "writer": journal.writer.text,
            "epoch": journal.epoch.hex(),
            "audience": journal.audience.text,
            "digest": journal.digest().hex(),
        }
        yield name, {"bytes": journal.encode().hex(), "expect": expect}
    defects = {
        "writer-zero": _journal_id("130638-0000", "county:0417"),
        "writer-with-wide-digits": _journal_id("13063\uff18-0417", "county:0417"),
        "audience-unknown": _journal_id(village, "world"),
        "audience-zero": _journal_id(village, "county:0000"),
        "audience-too-long": _journal_id(village, "township:0003:0417:00000000"),
        "village-writes-public": _journal_id(village, "public"),
        "hub-writes-drop": _journal_id(hub, "drop:0417"),
        "writer-outside-audience": _journal_id(village, "township:0003:0418"),
        "epoch-cut": JOURNAL.encode()[:20],
        "bytes-after-the-end": JOURNAL.encode() + b"\0",
        "length-not-minimal": b"\x8b\x00" + JOURNAL.encode()[1:],
    }
    for name, data in defects.items():
        yield name, {"bytes": data.hex(), "expect": FORM}


def _header(**changes: Any) -> bytes:
    """Return a fact's header written without any check."""
    said: dict[str, Any] = {
        "format": 1,
        "class": 0,
        "kind": "received",
        "flags": 3,
        "case": case_id().bytes,
        "time": 0,
        "clock": (0,),
        "position": (0, 0, 1),
    } | changes
    writer = Writer().uint(said["format"]).uint(said["class"]).text(said["kind"], 99).uint(said["flags"])
    writer.raw(said["case"]).sint(said["time"]).uint(said["clock"][0])
    for offset in said["clock"][1:]:
        writer.sint(offset)
    for number in said["position"]:
        writer.uint(number)
    return writer.done()


def headers() -> Named:
    """Yield entry headers."""
    late = datetime(2031, 1, 1, tzinfo=UTC)
    good = {
        "good-fact": fact(),
        "good-request": replace(fact(), entry_class=EntryClass.REQUEST, kind="submitted", clock=UNMEASURED),
        "good-record-of-no-case": EntryHeader(EntryClass.RECORD, "epoch_opened", None, late),
        "good-record-without-position": replace(fact(), entry_class=EntryClass.RECORD, position=None),
        "good-unknown-kind": replace(fact(), kind="kind_of_next_year"),
        "good-clock-in-seventy": replace(fact(), time=datetime(1970, 1, 1, tzinfo=UTC)),
    }
    for name, header in good.items():
        yield name, {"bytes": header.encode().hex(), "expect": described(header)}
    other_version = bytes([*case_id().bytes[:6], 0x4F, *case_id().bytes[7:]])
    defects = {
        "empty": b"",
        "format-unknown": _header(format=2),
        "class-unknown": _header(**{"class": 3}),
        "kind-empty": _header(kind=""),
        "kind-upper-case": _header(kind="Received"),
        "kind-of-41-letters": _header(kind="k" * 41),
        "flag-unknown": _header(flags=7),
        "position-without-case": _header(flags=2, case=b""),
        "case-of-another-version": _header(case=other_version),
        "time-before-1970": _header(time=-(2**50)),
        "time-after-9999": _header(time=2**60),
        "certainty-too-large": _header(clock=(2**31 + 1, 0)),
        "fact-without-position": _header(flags=1, position=()),
        "fact-number-0": _header(position=(0, 0, 0)),
        "fence-too-large": _header(position=(2**31, 0, 1)),
        "position-cut": _header(position=(0, 0)),
        "bytes-after-the-end": _header() + b"\0",
        "integer-not-minimal": _header()[:-1] + b"\x81\x00",
        "integer-too-long": _header()[:-1] + b"\xff" * 9 + b"\x01",
        "longer-than-128": _header() + bytes(128),
    }
    for name, data in defects.items():
        yield name, {"bytes": data.hex(), "expect": FORM}


def described(header: EntryHeader) -> dict[str, Any]:
    """Return a header as vectors show it."""
    place = header.position
    return {
        "class": int(header.entry_class),
        "kind": header.kind,
        "case": header.case_id.hex if header.case_id else None,
        "time_ms": round(header.time.timestamp() * 1000),
        "certainty_ms": header.clock.certainty_ms,
        "offset_ms": header.clock.offset_ms,
        "position": [place.fence.takings, place.fence.moves, place.number] if place else None,
    }


def shown(entry: StoredEntry) -> dict[str, Any]:
    """Return an entry as vectors show it."""
    return {
        "header": entry.header.hex(),
        "salt": None if entry.salt is None else entry.salt.hex(),
        "body": None if entry.body is None else entry.body.hex(),
        "digest": entry.digest.hex(),
    }


def runs() -> Named:
    """Yield runs of two entries."""
    before = JOURNAL.digest()
    two = run_of(2)
    good = {
        "good": two,
        "good-erased": (two[0].erase(), two[1]),
        "good-bad-header-inside": (two[0], replace(two[1], header=b"\xff")),
        "good-longest-header": (two[0], replace(two[1], header=bytes(128))),
    }
    for name, entries in good.items():
        expect = {
            "entries": [shown(one) for one in entries],
            "chain": [value.hex() for value in chain_run(before, entries)],
        }
        data = encode_run(entries).hex()
        yield name, {"bytes": data, "count": 2, "before": before.hex(), "expect": expect}
    for name, broken in _broken_runs().items():
        yield name, {"bytes": broken.hex(), "count": 2, "before": before.hex(), "expect": FORM}


def _broken_runs() -> dict[str, bytes]:
    one, two = (encode_entry(entry) for entry in run_of(2))
    header = fact(2).encode()
    start = one + Writer().blob(header, 128).done()
    return {
        "one-entry-too-few": one,
        "one-entry-too-many": one + two + two,
        "cut-in-a-body": one + two[:-1],
        "cut-in-a-digest": start + b"\x01" + bytes(31),
        "cut-in-a-salt": start + b"\x00" + bytes(3),
        "entry-without-header": one + b"\0" + two[1 + len(header) :],
        "header-longer-than-128": one + Writer().blob(bytes(129), 129).uint(1).raw(seed("digest")).done(),
        "form-unknown": start + b"\x02" + seed("digest"),
        "body-above-its-limit": start + b"\x00" + bytes(16) + Writer().uint(262_145).done(),
        "body-of-huge-length": start + b"\x00" + bytes(16) + Writer().uint(2**63 - 1).done(),
        "length-not-minimal": one + bytes([two[0] | 0x80, 0]) + two[1:],
    }
