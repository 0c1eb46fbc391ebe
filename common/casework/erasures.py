"""Which cases were erased, and which of the nodes that held them have said so: the hub's view."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from common.casework.book import Shelf, orders_erasure, shelf
from common.casework.errors import ErasedError
from common.domain.audience import Audience
from common.domain.bodies.hub import CaseErased
from common.domain.bodies.records import ErasureDone
from common.domain.node import NodeId
from common.domain.receipt_number import grouped
from common.journal.body import decode_as
from common.store import entries
from common.store.engine import Tx
from common.store.rows import EntryRow


@dataclass(frozen=True, slots=True)
class Erasure:
    """One order and its answers.

    Attributes:
        nodes: every node that reads one of the audiences the case was in, and the day it said *done*.
    """

    case_id: UUID
    order: CaseErased
    nodes: tuple[tuple[NodeId, date | None], ...]

    @property
    def number(self) -> str:
        """The receipt number, grouped."""
        return grouped(self.order.number)

    @property
    def waiting(self) -> tuple[NodeId, ...]:
        """The nodes that have not said *done*."""
        return tuple(node for node, done in self.nodes if done is None)


async def erasures(tx: Tx) -> list[Erasure]:
    """Return every order held here with its answers, the newest first."""
    here = await shelf(tx)
    orders = [row for row in await entries.of_kind(tx, "case_erased") if orders_erasure(row, here)]
    done = await _done(tx, here)
    found: dict[str, list[EntryRow]] = {}
    for row in orders:
        if row.case_id and row.body:
            found.setdefault(row.case_id, []).append(row)
    every = [_erasure(case_id, rows, here, done.get(case_id, {})) for case_id, rows in found.items()]
    return sorted(every, key=lambda one: (one.order.on, str(one.case_id)), reverse=True)


async def _done(tx: Tx, here: Shelf) -> dict[str, dict[str, date]]:
    answers: dict[str, dict[str, date]] = {}
    for row in await entries.of_kind(tx, "erasure_done"):
        if row.case_id and row.body and row.status != "refused":
            writer = here.journals[row.journal_id].writer
            answers.setdefault(row.case_id, {})[writer] = decode_as(ErasureDone, row.body).on
    return answers


def _erasure(case_id: str, rows: list[EntryRow], here: Shelf, done: dict[str, date]) -> Erasure:
    heads = [here.journals[row.journal_id] for row in rows]
    nodes = {node for head in heads for node in Audience(head.audience).members(head.writer[:6])}
    order = decode_as(CaseErased, rows[0].body or b"")
    return Erasure(UUID(case_id), order, tuple((node, done.get(str(node))) for node in sorted(nodes)))


async def insist_not_erased(tx: Tx, number: str) -> None:
    """Say so where the case of a receipt number (digits, grouped or not) was erased.

    Raises:
        ErasedError: it was.
    """
    digits = number.replace("-", "")
    if any(one.order.number == digits for one in await erasures(tx)):
        raise ErasedError
