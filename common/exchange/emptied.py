"""Entries without bodies, for ``verify``: erased by order, archived by rule, or gone for no reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from common.casework.book import erased
from common.crypto.errors import BadSignatureError
from common.crypto.wire import FormatError
from common.exchange.network import Network
from common.journal.case_summary import read_summary
from common.journal.statement import Statement
from common.store import journals, summaries
from common.store.engine import Database, Tx
from common.store.rows import EntryRow, SummaryRow


@dataclass(slots=True)
class Emptied:
    """How many entries have no body, and why.

    Attributes:
        erased: by order of the hub.
        archived: by rule, a signed summary stands for them.
    """

    erased: int = 0
    archived: int = 0


async def unexplained(
    database: Database, network: Network, rows: Sequence[EntryRow], counted: Emptied
) -> EntryRow | None:
    """Return the first of these entries whose body is gone though nobody ordered it and no summary covers it.

    Args:
        database: where they lie.
        network: whose certificates prove the summaries.
        rows: a run of one journal.
        counted: what is added up.
    """
    empty = [row for row in rows if row.body is None]
    if not empty:
        return None
    cases = {row.case_id for row in empty if row.case_id}

    async def read(tx: Tx) -> tuple[frozenset[UUID], dict[str, SummaryRow], str]:
        digest = (await journals.by_id(tx, empty[0].journal_id)).digest.hex()
        return await erased(tx, {UUID(one) for one in cases}), await summaries.of_cases(tx, cases), digest

    ordered, kept, digest = await database.read(read)
    covers = {case_id: _covers(network, row, digest) for case_id, row in kept.items()}
    for row in empty:
        if row.case_id and UUID(row.case_id) in ordered:
            counted.erased += 1
        elif row.case_id and row.number <= covers.get(row.case_id, 0):
            counted.archived += 1
        else:
            return row
    return None


def _covers(network: Network, row: SummaryRow, digest: str) -> int:
    """Return the number a summary stands for in a journal; 0 where its signature does not hold."""
    try:
        statement = Statement.decode(row.statement)
        cert = network.signer(statement.signer, statement.generation)
        if cert is None:
            return 0
        statement.verify(cert.signing)
        summary = read_summary(row.statement)
    except (FormatError, BadSignatureError):
        return 0
    return summary.covers.get(digest, 0) if summary.case == row.case_id else 0
