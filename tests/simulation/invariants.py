"""What must be true: at every moment, and once every line is whole again."""

from collections import Counter
from uuid import UUID

from common.casework import book, recovering
from common.casework.attachments import read_file
from common.casework.desk import Desk
from common.casework.errors import UnknownCaseError
from common.casework.rules import Rules
from common.crypto.errors import CannotOpenError
from common.domain.application import FileRef
from common.domain.audience import Audience
from common.domain.node import NodeId
from common.exchange import where
from common.exchange.receipts import verify
from common.journal.batch import open_batch, parse_batch
from common.journal.body import decode_body
from common.journal.chain import StoredEntry, chain
from common.journal.receipt import Receipt
from common.store import cases, entries, exchange_queries, journals, parcels, receipts
from common.store.case_rows import CaseProjection, CaseRow
from common.store.engine import Database, Tx
from common.store.rows import EntryRow, JournalRow, ReceiptRow
from tests.builders.cases import HUB, TOWNSHIP
from tests.builders.county import Box
from tests.simulation.travelling import drop_projections
from tests.simulation.world import NODES, SECRET_NAME, VILLAGES, World


async def always(world: World) -> None:
    """Check what holds at any moment, whatever has just happened."""
    await custody_is_in_one_place(world)
    await nobody_loses_what_was_taken_in(world)
    await heads_only_grow(world)
    await nobody_is_told_too_much(world)
    await what_left_a_disk_is_whole_elsewhere(world)


async def healed(world: World) -> None:
    """Check what holds when everything has arrived."""
    await always(world)
    await every_case_is_at_the_hub_once(world)
    await chains_hold(world)
    await all_tell_the_same(world)
    await the_township_reads_no_secrets(world)
    await files_arrived(world)
    await nobody_recovers_for_ever(world)
    for node in NODES:
        await drop_projections(world, node)


async def custody_is_in_one_place(world: World) -> None:
    """At most one node may write facts of a case: one that recovers may not, whatever it believes."""
    holders: dict[str, list[NodeId]] = {}
    for node in NODES:
        held = await _held_back(world.box(node))
        for row in await _rows(world.box(node)):
            may_not_yet = "unanswered" in row.marks or row.case_id in held
            if row.custodian == str(node) and not may_not_yet:
                holders.setdefault(row.case_id, []).append(node)
    assert all(len(nodes) == 1 for nodes in holders.values()), holders


async def _held_back(box: Box) -> set[str]:
    """Cases of which the box writes no fact, because it recovers."""

    async def work(tx: Tx) -> set[str]:
        desk = Desk(
            box.seat, box.epoch, box.vault, box.exchange.open, box.exchange.files, box.exchange.clock, Rules()
        )
        held = await recovering.hold(tx, desk)
        if held is None:
            return set()
        ids = [UUID(case_id) for case_id in await entries.case_ids(tx)]
        begun = {str(one): await _beginning(tx, one) for one in ids}
        return {one for one, place in begun.items() if place is not None and held.waits_for(*place)}

    return await box.vault.read(work)


async def _beginning(tx: Tx, case_id: UUID) -> tuple[JournalRow, int] | None:
    try:
        return await book.beginning(tx, case_id)
    except UnknownCaseError:
        return None


async def nobody_loses_what_was_taken_in(world: World) -> None:
    for one in world.taken:
        row = await world.row(one.node, one.case_id)
        if row is not None:
            world.coming_home.discard(one.case_id)
        assert row is not None or one.case_id in world.coming_home, (
            "a case is gone from where it was taken in"
        )
        assert row is None or row.number == one.number
    given = Counter(world.given)
    assert not given or max(given.values()) == 1, "a receipt number was given twice"


async def nobody_recovers_for_ever(world: World) -> None:
    assert not world.coming_home, "a case did not come home"
    for node in NODES:
        found = await world.box(node).vault.read(recovering.find)
        assert found is None or found.is_over(), f"{node} waits for somebody who has been there"


async def heads_only_grow(world: World) -> None:
    for node in NODES:
        box = world.box(node)
        for name, database in (("open", box.exchange.open), ("vault", box.vault)):
            for head in await database.read(journals.heads):
                key = (node, name, head.digest)
                was = world.heads.get(key, (0, 0))
                now = (head.held_number, head.applied_number)
                assert now[0] >= was[0], f"a held head went back: {was} {now}"
                assert now[1] >= was[1], f"an applied head went back: {was} {now}"
                assert head.state == "open", "a journal was stopped though nobody forked"
                world.heads[key] = now


async def nobody_is_told_too_much(world: World) -> None:
    """What a page says of township and county follows from a signed receipt, and is so."""
    cases_of = [one.case_id for one in world.taken]
    for node in (*VILLAGES, TOWNSHIP):
        box = world.box(node)
        told = await where.whereabouts(box.exchange, cases_of)
        places = await box.vault.read(lambda tx: exchange_queries.submissions(tx, cases_of))
        for case_id, (township, county) in told.items():
            place = places[str(case_id)]
            for above, reached in ((TOWNSHIP, township), (HUB, county)):
                if await _was_restored_since(world, box, above, place.digest):
                    continue
                if reached.held_at is not None:
                    await _holds(world, box, above, place.digest, place.number)
                if reached.applied:
                    await _applied(world, box, above, case_id, place.digest, place.number)


async def _was_restored_since(world: World, teller: Box, above: NodeId, digest: bytes) -> bool:
    """Whether the receipt was given before the other node was put back: nobody here can know it yet."""

    async def work(tx: Tx) -> ReceiptRow | None:
        head = await journals.find(tx, digest)
        return None if head is None else await receipts.newest(tx, head.id, str(above))

    row = await teller.exchange.open.read(work)
    return row is not None and row.epoch != world.box(above).epoch


async def _holds(world: World, teller: Box, above: NodeId, digest: bytes, number: int) -> None:
    """The batch with that entry lies in the other node's database, and a receipt it signed lies in ours."""
    receipt = await _receipt(teller, above, digest)
    assert receipt.held_number >= number

    async def work(tx: Tx) -> bytes | None:
        head = await journals.find(tx, digest)
        row = None if head is None else await exchange_queries.batch_after(tx, head.id, number - 1)
        return None if row is None else await parcels.content(tx, row.name)

    data = await world.box(above).exchange.open.read(work)
    assert data is not None or (digest, number) in world.backed_up, "told that a node holds what it does not"


async def _applied(
    world: World, teller: Box, above: NodeId, case_id: UUID, digest: bytes, number: int
) -> None:
    receipt = await _receipt(teller, above, digest)
    assert receipt.applied_number >= number

    async def at(tx: Tx) -> EntryRow | None:
        head = await journals.find(tx, digest)
        return None if head is None else await entries.get(tx, head.id, number)

    mine, theirs = [await box.vault.read(at) for box in (teller, world.box(above))]
    assert mine is not None
    assert theirs is not None, "told 'applied' where it is not"
    assert mine.hash == theirs.hash, "told 'applied' of another history"
    assert mine.case_id == theirs.case_id == str(case_id)
    assert await world.row(above, case_id) is not None, "told 'applied' of a case that is not there"


async def _receipt(teller: Box, above: NodeId, digest: bytes) -> Receipt:
    async def work(tx: Tx) -> ReceiptRow | None:
        head = await journals.find(tx, digest)
        assert head is not None
        return await receipts.newest(tx, head.id, str(above))

    row = await teller.exchange.open.read(work)
    assert row is not None
    verified = verify(teller.exchange, row.statement)
    assert verified is not None, "told without a receipt that holds"
    assert verified[0].receiver == above
    assert verified[0].journal.digest() == digest
    return verified[0]


async def what_left_a_disk_is_whole_elsewhere(world: World) -> None:
    """Whichever node is lost now, the hub too: what has no body here can be got again."""
    for node in NODES[1:]:
        for row, digest in await _emptied(world.box(node)):
            assert (digest, row.number) in world.backed_up, "purged, and in no backup of the hub"
            head = await world.box(node).vault.read(lambda tx, at=digest: journals.find(tx, at))  # type: ignore[misc]
            assert head is not None
            readers = Audience(head.audience).readers(node.county) & set(NODES) - {NodeId(head.writer), node}
            for reader in readers:
                there = await world.box(reader).vault.read(
                    lambda tx, at=(digest, row.number): _at(tx, *at)  # type: ignore[misc]
                )
                assert there is not None, "purged before every reader had it"


async def _emptied(box: Box) -> list[tuple[EntryRow, bytes]]:
    async def work(tx: Tx) -> list[tuple[EntryRow, bytes]]:
        digests = {head.id: head.digest for head in await journals.heads(tx)}
        return [(row, digests[row.journal_id]) for row in await _facts_and_others(tx) if row.body is None]

    return await box.vault.read(work)


async def _at(tx: Tx, digest: bytes, number: int) -> EntryRow | None:
    head = await journals.find(tx, digest)
    return None if head is None else await entries.get(tx, head.id, number)


async def every_case_is_at_the_hub_once(world: World) -> None:
    rows = await _rows(world.box(HUB))
    at_hub = sorted((row.case_id, row.number) for row in rows)
    assert at_hub == sorted((str(one.case_id), one.number) for one in world.taken)
    assert await _emptied(world.box(HUB)) == [], "the hub keeps every case whole"
    told: dict[UUID, where.Whereabouts] = {}
    for node in VILLAGES:
        told |= await where.whereabouts(world.box(node).exchange, [one.case_id for one in world.taken])
    assert {case_id for case_id, (_, county) in told.items() if county.applied} == {
        one.case_id for one in world.taken if one.node in VILLAGES
    }, "arrived, and not shown so"


async def chains_hold(world: World) -> None:
    """Every journal at every node, recomputed from its bytes; nothing was refused, nothing is doubled."""
    for node in NODES:
        box = world.box(node)
        for database in {box.exchange.open, box.vault}:
            await chains_of(database)
        bad = await box.exchange.open.read(lambda tx: parcels.in_state(tx, {"refused", "quarantined"}))
        assert bad == []


async def chains_of(database: Database) -> None:
    for head in await database.read(journals.heads):
        if head.applied_number == 0:
            continue  # known by citations alone: each has its place, not every place has one
        reached = head.digest
        rows = await _entries(database, head.id)
        for number, row in enumerate(rows, 1):
            assert row.number == number
            assert row.status != "refused", row.reason
            reached = chain(reached, StoredEntry(row.header, row.salt, row.body, row.body_digest))
            assert reached == row.hash
        if rows:
            assert (head.applied_number, head.applied_hash) == (len(rows), reached)
    facts = Counter(
        (row.case_id, row.takings, row.moves, row.fact_number) for row in await database.read(_facts)
    )
    assert not facts or max(facts.values()) == 1, "two facts at one place"


async def _facts(tx: Tx) -> list[EntryRow]:
    found = [await entries.of_case(tx, case_id) for case_id in await entries.case_ids(tx)]
    return [row for rows in found for row in rows if row.entry_class == 0]


async def all_tell_the_same(world: World) -> None:
    for one in world.taken:
        at_hub = await _projection(world.box(HUB), one.case_id)
        for node in NODES:
            there = await _projection(world.box(node), one.case_id)
            if there is None or at_hub is None:
                continue
            if "archived" in there.case.marks:
                assert _told(there.case) == _told(at_hub.case), f"{node} tells another end than the hub"
                continue
            # Who had custody without being a reader is shown no more of the case afterwards.
            reads = node in Audience(at_hub.case.audience).members(node.county)
            if reads or at_hub.case.custodian == str(node):
                assert there == at_hub, f"{node} tells another story than the hub"


def _told(row: CaseRow) -> tuple[object, ...]:
    end = row.number, row.state, row.outcome, row.custodian, row.takings, row.moves, row.fact_number
    return (*end, row.applicant_masked, row.received_on, row.accepted_on, row.closed_on, row.updated_ms)


async def the_township_reads_no_secrets(world: World) -> None:
    box = world.box(TOWNSHIP)
    for database in (box.exchange.open, box.vault):
        for head in await database.read(journals.heads):
            if not box.exchange.reads(Audience(head.audience)):
                rows = await _entries(database, head.id)
                assert rows == [], "the township has entries it may not read"
        every = [row.body for row in await database.read(_facts_and_others) if row.body is not None]
        assert not any(SECRET_NAME.encode() in body for body in every)
    assert not any(SECRET_NAME in row.applicant for row in await _rows(box))
    unread = [data for data in await box.exchange.open.read(_contents) if not _reads(box, data)]
    for data in unread:
        try:
            open_batch(parse_batch(data), box.keys.split()[1].keyring())
        except CannotOpenError:
            continue
        message = "the township can open what is not for it"
        raise AssertionError(message)


def _reads(box: Box, data: bytes) -> bool:
    return box.exchange.reads(parse_batch(data).journal.audience)


async def _contents(tx: Tx) -> list[bytes]:
    rows = await parcels.in_state(tx, {"held", "opened"}, "batch")
    return [data for row in rows if (data := await parcels.content(tx, row.name)) is not None]


async def _facts_and_others(tx: Tx) -> list[EntryRow]:
    found = [await entries.of_case(tx, case_id) for case_id in await entries.case_ids(tx)]
    return [row for rows in found for row in rows]


async def files_arrived(world: World) -> None:
    """Every picture and paper a node's cases name can be opened there."""
    for node in NODES:
        desk = world.box(node).desk
        for row in await world.box(node).vault.read(_facts_and_others):
            for file in _files(decode_body(row.kind, row.body) if row.body else None):
                assert len(await read_file(desk, file)) == file.length


def _files(body: object) -> list[FileRef]:
    application = getattr(body, "application", None)
    materials = getattr(application or body, "materials", ())
    own = getattr(body, "file", None)
    return [file for one in materials for file in one.files] + ([own] if isinstance(own, FileRef) else [])


async def _rows(box: Box) -> list[CaseRow]:
    async def work(tx: Tx) -> list[CaseRow]:
        found = [await cases.find(tx, case_id) for case_id in await entries.case_ids(tx)]
        return [row for row in found if row is not None]

    return await box.vault.read(work)


async def _entries(database: Database, journal_id: int) -> list[EntryRow]:
    return await database.read(lambda tx: entries.from_number(tx, journal_id, 1, 100_000))


async def _projection(box: Box, case_id: UUID) -> CaseProjection | None:
    return await box.vault.read(lambda tx: cases.load(tx, str(case_id)))
