"""What entries do to the vault beside their cases: grants, citations of other journals' entries, erasures."""

from collections.abc import Sequence
from dataclasses import replace

from common.casework import grants_known
from common.casework.archiving import take_back
from common.casework.erasing import erase_ordered
from common.domain.bodies.hub import Cited, GrantEnded, GrantGiven
from common.exchange.opening import entry_row
from common.journal.body import decode_body
from common.journal.citation import from_body
from common.journal.errors import BodyError
from common.store import entries, journals
from common.store.engine import Tx
from common.store.rows import EntryRow

_ACTING = frozenset({"grant_given", "grant_ended", "cited"})
"""Kinds that do something beside their case."""


async def apply_to_vault(tx: Tx, rows: Sequence[EntryRow]) -> list[EntryRow]:
    """Insert a run's entries with what they cite, grant and erase; return every row as judged, cited too."""
    judged, cited = [], []
    for row in rows:
        body = None
        if row.kind in _ACTING and row.status == "applied" and row.body is not None:
            body = decode_body(row.kind, row.body)
        reason = row.reason
        try:
            match body:
                case GrantGiven():
                    await grants_known.keep(tx, body)
                case GrantEnded():
                    await grants_known.end(tx, body)
                case Cited():
                    cited.append(await _cited(tx, body))
        except BodyError:
            reason = "bad_body"
        judged.append(replace(row, status="refused", reason=reason) if reason else row)
    await entries.insert_run(tx, [*judged, *cited])
    await take_back(tx, cited)
    await erase_ordered(tx, [*judged, *cited])
    return [*judged, *cited]


async def _cited(tx: Tx, body: Cited) -> EntryRow:
    """Return the cited entry under its own identity, (journal, number): citing twice changes nothing."""
    citation = from_body(body)
    journal = citation.journal
    head = await journals.get_or_create(
        tx, journal.digest(), str(journal.writer), journal.epoch, str(journal.audience)
    )
    return entry_row(journal, head.id, citation.number, citation.entry, citation.chain)
