"""What exchange asks of the tables: chain hashes, batches to offer, attachments lacking."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.expressions import F, Q
from tortoise.functions import Max, Min, Sum

from common.store import bulk, marks, registry
from common.store.engine import Tx
from common.store.rows import CertificateRow, JournalRow, ParcelRow, ReceiptRow, SettingRow
from common.store.tables import CaseRecord, Certificate, Entry, Journal, Parcel, Receipt, Setting


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case's submission stands: its journal and its number there."""

    digest: bytes
    writer: str
    audience: str
    number: int


_KEPT = ("held", "opened")
_KNOWN = (*_KEPT, "gone", "recalled")
"""States in which a run's place in its journal is known, whether its bytes are here or not."""
_SLICE = 500


async def put_certificate(tx: Tx, certificate: CertificateRow) -> None:
    """Keep a verified certificate; a renewed one of the same (node, generation) takes its place."""
    await bulk.upsert(tx, Certificate, [certificate], ("node", "generation"))
    await marks.change(tx, marks.NETWORK)
    for revocation in await registry.revocations(tx, certificate.node):
        await registry.revoke(tx, revocation)


async def chain_points(tx: Tx, head: JournalRow, numbers: Collection[int]) -> dict[int, bytes]:
    """Return the chain hashes at those numbers that batches held without a gap begin after or end at."""
    points = {0: head.digest, head.held_number: head.held_hash, head.applied_number: head.applied_hash}
    kept = Parcel.filter(
        journal_id=head.id, kind="batch", state__in=_KNOWN, last_number__lte=head.held_number
    )
    kept = kept.using_db(tx.client)
    for row in await kept.filter(last_number__in=list(numbers)).values("last_number", "chain_after"):
        points[int(row["last_number"])] = bytes(row["chain_after"])
    firsts = [number + 1 for number in numbers]
    for row in await kept.filter(first_number__in=firsts).values("first_number", "chain_before"):
        points[int(row["first_number"]) - 1] = bytes(row["chain_before"])
    return {number: points[number] for number in numbers if number in points}


async def batch_after(tx: Tx, journal_id: int, number: int) -> ParcelRow | None:
    """Return the kept batch, opened or not, that goes on after ``number`` and reaches furthest."""
    kept = Parcel.filter(journal_id=journal_id, kind="batch", state__in=_KEPT).using_db(tx.client)
    following = kept.filter(first_number__lte=number + 1, last_number__gt=number)
    return await bulk.fetch_one(following.order_by("-last_number", "name"), ParcelRow)


async def batches_from(tx: Tx, journal_id: int, number: int) -> list[ParcelRow]:
    """Return the kept batches that end after ``number``, in order."""
    kept = Parcel.filter(journal_id=journal_id, kind="batch", state__in=_KEPT).using_db(tx.client)
    return await bulk.fetch(kept.filter(last_number__gt=number).order_by("first_number", "name"), ParcelRow)


async def mark_opened(tx: Tx, journal_id: int, number: int) -> None:
    """Note that every held batch that ends at ``number`` or before is applied."""
    held = Parcel.filter(journal_id=journal_id, kind="batch", state="held", last_number__lte=number)
    await held.using_db(tx.client).update(state="opened", reason="")


async def parcels_named(tx: Tx, names: Collection[bytes]) -> dict[bytes, ParcelRow]:
    """Return those of the parcels that are known here, in any state."""
    found: dict[bytes, ParcelRow] = {}
    listed = list(names)
    for start in range(0, len(listed), _SLICE):
        query = Parcel.filter(name__in=listed[start : start + _SLICE]).using_db(tx.client)
        found |= {row.name: row for row in await bulk.fetch(query, ParcelRow)}
    return found


async def lacking(tx: Tx, journal_ids: Collection[int]) -> list[bytes]:
    """Return the names of what is not here of these journals: attachments lacking, and parcels recalled."""
    lacking = Q(kind="attachment", state="partial") | Q(state="recalled")
    query = Parcel.filter(lacking).using_db(tx.client)
    rows = await query.order_by("staged_ms", "name").values("name", "journal_id")
    wanted = set(journal_ids)
    return [bytes(row["name"]) for row in rows if row["journal_id"] in wanted]


async def bytes_kept(tx: Tx) -> int:
    """Return how many bytes all parcels together have that are here or on their way in."""
    here = Parcel.exclude(state__in=["gone", "recalled", "erased"]).using_db(tx.client)
    rows = await here.annotate(total=Sum("size")).values_list("total", flat=True)
    return sum(int(total) for total in rows if total)  # type: ignore[call-overload]


async def receipts_by(tx: Tx, receiver: str) -> dict[int, ReceiptRow]:
    """Return a receiver's newest receipts by journal."""
    query = Receipt.filter(receiver=receiver).using_db(tx.client)
    return {row.journal_id: row for row in await bulk.fetch(query, ReceiptRow)}


async def journals_by_digest(tx: Tx, digests: Collection[bytes]) -> dict[bytes, JournalRow]:
    """Return those of the journals that are known here."""
    query = Journal.filter(digest__in=list(digests)).using_db(tx.client)
    return {row.digest: row for row in await bulk.fetch(query, JournalRow)}


async def behind(tx: Tx) -> list[JournalRow]:
    """Return the heads that are held further than applied, in order of digest."""
    query = Journal.filter(held_number__gt=F("applied_number")).using_db(tx.client)
    return await bulk.fetch(query.order_by("digest"), JournalRow)


async def digests_of(tx: Tx, journal_ids: Collection[int]) -> dict[int, bytes]:
    """Return the digests of journals by their keys in this database."""
    rows = await Journal.filter(id__in=list(journal_ids)).using_db(tx.client).values("id", "digest")
    return {int(row["id"]): bytes(row["digest"]) for row in rows}


async def bind_attachments(tx: Tx, names: Collection[bytes], batch: ParcelRow) -> None:
    """Note which batch names these attachments, where none was noted before."""
    free = Parcel.filter(name__in=list(names), kind="attachment", journal_id__isnull=True)
    await free.using_db(tx.client).update(
        journal_id=batch.journal_id, first_number=batch.first_number, last_number=batch.last_number
    )


async def submissions(tx: Tx, case_ids: Collection[UUID]) -> dict[str, Place]:
    """Return where each case's first submission stands, by case id, in few queries for any number."""
    found: dict[str, tuple[int, int]] = {}
    listed = [str(case_id) for case_id in case_ids]
    for start in range(0, len(listed), _SLICE):
        some = Entry.filter(case_id__in=listed[start : start + _SLICE], kind="submitted")
        query = some.exclude(status="refused").using_db(tx.client)
        for row in await query.order_by("-time_ms").values("case_id", "journal_id", "number"):
            found[str(row["case_id"])] = int(row["journal_id"]), int(row["number"])
    ids = {journal_id for journal_id, _ in found.values()}
    query_journals = Journal.filter(id__in=list(ids)).using_db(tx.client)
    heads = {head.id: head for head in await bulk.fetch(query_journals, JournalRow)}
    return {
        case_id: Place(heads[at].digest, heads[at].writer, heads[at].audience, number)
        for case_id, (at, number) in found.items()
    }


async def settings_named(tx: Tx, keys: Collection[str]) -> dict[str, Any]:
    """Return the values of those of the settings that there are."""
    query = Setting.filter(key__in=list(keys)).using_db(tx.client)
    return {row.key: row.value for row in await bulk.fetch(query, SettingRow)}


async def submitted_beyond(tx: Tx, marks: Mapping[int, int]) -> int:
    """Return how many applications stand beyond a number of each journal, by journal key."""
    taken_in = Entry.filter(kind="submitted").using_db(tx.client)
    counts = [
        await taken_in.filter(journal_id=journal, number__gt=number).count()
        for journal, number in marks.items()
    ]
    return sum(counts)


async def cases_in(tx: Tx, journal_id: int) -> list[tuple[str, int, int]]:
    """Return of each case a journal has entries of: its receipt number, its first and its last entry there.

    A case that has no receipt number here is named by its id.
    """
    written = Entry.filter(journal_id=journal_id, case_id__isnull=False).using_db(tx.client)
    spans = written.annotate(first=Min("number"), last=Max("number")).group_by("case_id")
    rows = await spans.values("case_id", "first", "last")
    numbers: dict[str, str] = {}
    listed = [str(row["case_id"]) for row in rows]
    for start in range(0, len(listed), _SLICE):
        query = CaseRecord.filter(case_id__in=listed[start : start + _SLICE]).using_db(tx.client)
        for case_id, number in await query.values_list("case_id", "number"):
            numbers[str(case_id)] = str(number or case_id)
    return [
        (numbers.get(str(row["case_id"]), str(row["case_id"])), int(row["first"]), int(row["last"]))
        for row in rows
    ]
