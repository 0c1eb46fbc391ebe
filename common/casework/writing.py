"""Writing entries into this node's own journals: number and hash are taken last in the transaction."""

from dataclasses import dataclass
from uuid import UUID

from common.casework.desk import Desk
from common.casework.errors import EpochLeftError, HubStoppedError
from common.crypto.symmetric import random_bytes
from common.domain.audience import Audience
from common.domain.bodies.records import EpochOpened
from common.domain.bodies.requests import Submitted
from common.domain.case import EntryRef
from common.domain.entries import FIRST_FENCE, FactPosition
from common.domain.kinds import KINDS
from common.domain.times import to_milliseconds
from common.journal.body import encode_body, from_plain
from common.journal.chain import SALT_BYTES, chain, write_entry
from common.journal.entry import EntryHeader
from common.journal.ids import case_id_of
from common.store import entries, journals, settings
from common.store.engine import Tx
from common.store.rows import EntryRow, JournalRow

LINEAGE = "epoch_lineage"
"""Setting: by audience, what is known of the epoch before this one."""
ANYWHERE = "*"
"""Audience of ``LINEAGE`` for those of which nothing is known: there may have been entries, now lost."""
EPOCHS_LEFT = "epochs_left"
"""Setting of the vault: epochs, as hex, into which nothing is written any more."""
HUB_STOPPED = "hub_stopped"
"""Setting of a hub that may not write, naming why: ``superseded`` or ``rolled_back``."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case about to begin: its id commits to the journal and the salt of its first entry."""

    case_id: UUID
    salt: bytes


def new_case(desk: Desk, audience: Audience) -> NewCase:
    """Return the id of a case that begins now in this node's journal for ``audience``."""
    salt = random_bytes(SALT_BYTES)
    return NewCase(case_id_of(desk.journal(audience).digest(), salt, desk.clock.now()), salt)


async def begin(tx: Tx, desk: Desk, audience: Audience, case: NewCase, submitted: Submitted) -> None:
    """Append the entry a case begins with."""
    position = FactPosition(FIRST_FENCE, 0)
    await _append(
        tx, desk, audience, _header(desk, "submitted", case.case_id, position), submitted, case.salt
    )


async def append(
    tx: Tx,
    desk: Desk,
    audience: Audience,
    kind: str,
    body: object,
    *,
    case_id: UUID | None = None,
    position: FactPosition | None = None,
) -> EntryRef:
    """Append one entry to this node's journal for ``audience`` and return its identity.

    ``position`` is a fact's own place, or the last fact known for requests and records of a case.
    """
    header = _header(desk, kind, case_id, position)
    return await _append(tx, desk, audience, header, body, random_bytes(SALT_BYTES))


async def open_journal(tx: Tx, desk: Desk, audience: Audience) -> None:
    """Begin this node's journal for ``audience``, so that its readers hear of the epoch; twice is once."""
    head = await _head(tx, desk, audience)
    if head.applied_number == 0:
        await _open_epoch(tx, desk, audience, head)


def _header(
    desk: Desk, kind: str, case_id: UUID | None = None, position: FactPosition | None = None
) -> EntryHeader:
    return EntryHeader(KINDS[kind].entry_class, kind, case_id, desk.clock.now(), desk.clock.reading, position)


async def _append(
    tx: Tx, desk: Desk, audience: Audience, header: EntryHeader, body: object, salt: bytes
) -> EntryRef:
    head = await _head(tx, desk, audience)
    if head.applied_number == 0:
        head = await _open_epoch(tx, desk, audience, head)
    number = await _write(tx, head, header, body, salt)
    return EntryRef(0, head.digest.hex(), number)


async def _head(tx: Tx, desk: Desk, audience: Audience) -> JournalRow:
    """Return the journal's head for writing.

    Raises:
        EpochLeftError: the desk is of an epoch that ended while a verb was running.
        HubStoppedError: this hub is no more the county's, or was put back to an earlier state.
    """
    if desk.epoch.hex() in await settings.get(tx, EPOCHS_LEFT, ()):
        stopped = await settings.get(tx, HUB_STOPPED)
        if stopped is not None:
            raise HubStoppedError(superseded=stopped == "superseded")
        raise EpochLeftError
    journal = desk.journal(audience)
    digest = journal.digest()
    await journals.get_or_create(tx, digest, str(journal.writer), journal.epoch, str(audience))
    return await journals.head_for_update(tx, digest)


async def _open_epoch(tx: Tx, desk: Desk, audience: Audience, head: JournalRow) -> JournalRow:
    """A journal's first entry names what is known of the writer's epoch before."""
    lineages = await settings.get(tx, LINEAGE, {})
    lineage = lineages.get(str(audience), lineages.get(ANYWHERE))
    body = from_plain(EpochOpened, lineage) if lineage else EpochOpened("install")
    await _write(tx, head, _header(desk, "epoch_opened"), body, random_bytes(SALT_BYTES))
    return await journals.head_for_update(tx, head.digest)


async def _write(tx: Tx, head: JournalRow, header: EntryHeader, body: object, salt: bytes) -> int:
    entry = write_entry(header, encode_body(body), salt)
    number, chained = head.applied_number + 1, chain(head.applied_hash, entry)
    position = header.position
    row = EntryRow(
        journal_id=head.id,
        number=number,
        hash=chained,
        header=entry.header,
        salt=entry.salt,
        body=entry.body,
        body_digest=entry.digest,
        entry_class=int(header.entry_class),
        kind=header.kind,
        case_id=str(header.case_id) if header.case_id else None,
        takings=position.fence.takings if position else None,
        moves=position.fence.moves if position else None,
        fact_number=position.number if position else None,
        time_ms=to_milliseconds(header.time),
        status="applied",
    )
    await entries.append(tx, row)
    await journals.set_written(tx, head.id, number, chained)
    return number
