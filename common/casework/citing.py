"""Citing: the hub shows a case to a node that was given custody of it without being one of its readers.

The whole case first, later arrivals too as long as it has custody or must learn that it has it no more; and
back to the case's readers what that node writes (design §1).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from common.casework.book import Shelf, begins, shelf
from common.casework.desk import Desk
from common.casework.writing import append
from common.domain.audience import Audience
from common.domain.bodies.hub import Cited
from common.domain.bodies.records import CaseWanted
from common.domain.case import Case
from common.domain.kinds import ASIDE
from common.domain.node import NodeId
from common.journal.body import decode_body
from common.journal.chain import StoredEntry
from common.journal.citation import Citation, to_body
from common.journal.ids import JournalId
from common.store import entries
from common.store.engine import Tx
from common.store.rows import EntryRow, JournalRow

_CITED = "cited"
_Place = tuple[str, str, str, int]
"""Writer, epoch in hex, audience, number."""
_Unseen = tuple[JournalRow, EntryRow]


async def cite_due(tx: Tx, desk: Desk, cases: Sequence[Case]) -> None:
    """At the hub, cite to each side of these cases what only the other one can read; once each."""
    if not desk.seat.node.is_hub:
        return
    here: Shelf | None = None
    for case in cases:
        if case.submitted is not None and len(case.holders) > 1:
            rows = await entries.of_case(tx, str(case.case_id))
            here = here or await shelf(tx)
            own = Audience(next(here.journals[row.journal_id].audience for row in rows if begins(row)))
            outside = [node for node in case.holders if node not in own.members(node.county)]
            needing = [node for node in outside if node == case.custodian or node in case.unanswered]
            for audience in [own, *map(Audience.county, needing)] if outside else []:
                await _cite(tx, desk, case, audience, list(_unseen(rows, here, audience)))


async def cite_wanted(tx: Tx, desk: Desk, cases: Sequence[Case]) -> None:
    """At the hub, cite the whole case again to a node that archived it and has something to do in it."""
    if not desk.seat.node.is_hub:
        return
    by_id = {str(case.case_id): case for case in cases}
    wants: dict[str, list[EntryRow]] = defaultdict(list)
    for row in await entries.of_kind_in(tx, "case_wanted", list(by_id)):
        wants[str(row.case_id)].append(row)
    here = await shelf(tx) if wants else None
    for case_id, rows in wants.items():
        if here is not None:
            await _cite_again(tx, desk, by_id[case_id], rows, here)


async def _cite_again(tx: Tx, desk: Desk, case: Case, wants: Sequence[EntryRow], here: Shelf) -> None:
    for want in wants:
        body = decode_body(want.kind, want.body) if want.body is not None else None
        if isinstance(body, CaseWanted) and want.status != "refused":
            rows = await entries.of_case(tx, str(case.case_id))
            audience = Audience.county(NodeId(here.journals[want.journal_id].writer))
            await _cite(tx, desk, case, audience, list(_unseen_since(rows, here, audience, body.after)))


def _unseen_since(rows: Sequence[EntryRow], here: Shelf, audience: Audience, after: int) -> Iterator[_Unseen]:
    """Yield every entry of a case that was not cited to this audience beyond that number."""
    to_it = [row for row in rows if here.journals[row.journal_id].audience == str(audience)]
    seen = {_named(row) for row in to_it if row.kind == _CITED and row.number > after}
    for row in rows:
        head = here.journals[row.journal_id]
        shown = row.kind not in ASIDE and row.status != "refused" and row.body is not None
        if shown and _place(head, row) not in seen:
            yield head, row


def _unseen(rows: Sequence[EntryRow], here: Shelf, audience: Audience) -> Iterator[_Unseen]:
    """Yield the entries of a case that stand in another audience and were not cited to this one."""
    seen = {
        _named(row)
        for row in rows
        if row.kind == _CITED and here.journals[row.journal_id].audience == str(audience)
    }
    for row in rows:
        head = here.journals[row.journal_id]
        elsewhere = row.kind not in ASIDE and head.audience != str(audience)
        if elsewhere and row.status != "refused" and row.body is not None and _place(head, row) not in seen:
            yield head, row


async def _cite(tx: Tx, desk: Desk, case: Case, audience: Audience, unseen: Sequence[_Unseen]) -> None:
    for head, row in unseen:
        journal = JournalId(NodeId(head.writer), head.epoch, Audience(head.audience))
        entry = StoredEntry(row.header, row.salt, row.body, row.body_digest)
        body = to_body(Citation(journal, row.number, row.hash, entry))
        await append(tx, desk, audience, _CITED, body, case_id=case.case_id, position=case.position)


def _place(head: JournalRow, row: EntryRow) -> _Place:
    return head.writer, head.epoch.hex(), head.audience, row.number


def _named(row: EntryRow) -> _Place | None:
    body = decode_body(row.kind, row.body) if row.body is not None else None
    return (body.writer, body.epoch, body.audience, body.number) if isinstance(body, Cited) else None
