"""The projections of cases: written whole, read for pages."""

from collections.abc import Collection, Sequence
from uuid import UUID

from common.store import bulk, search
from common.store.case_rows import CaseProjection, CaseRow, MaterialRow, PaperRow, StepRow
from common.store.engine import Tx
from common.store.tables import CaseMaterial, CasePaper, CaseRecord, CaseStep

_PARTS = (CaseMaterial, CasePaper, CaseStep)


async def hold(tx: Tx, case_ids: Collection[UUID]) -> None:
    """Keep others that hold one of these cases waiting until the transaction ends.

    Whoever folds cases beside others holds them first, or two would write what each folded without the other.
    """
    await tx.dialect.hold(tx.client, [f"case {case_id}" for case_id in case_ids])


async def save(tx: Tx, projections: Sequence[CaseProjection]) -> None:
    """Write everything of these cases anew; nothing of an older projection of them remains."""
    ids = [projection.case.case_id for projection in projections]
    for table in _PARTS:
        await bulk.delete(tx, table, "case_id", ids)
    await bulk.upsert(tx, CaseRecord, [projection.case for projection in projections], ("case_id",))
    await bulk.insert(tx, CaseMaterial, [row for projection in projections for row in projection.materials])
    await bulk.insert(tx, CasePaper, [row for projection in projections for row in projection.papers])
    await bulk.insert(tx, CaseStep, [row for projection in projections for row in projection.steps])
    records = await CaseRecord.filter(case_id__in=ids).using_db(tx.client).values("id", "search_text")
    await search.index(tx, {int(row["id"]): str(row["search_text"]) for row in records})


async def load(tx: Tx, case_id: str) -> CaseProjection | None:
    """Return everything of one case, parts in order, or None."""
    record = await find(tx, case_id)
    if record is None:
        return None
    material, paper, step = (
        table.filter(case_id=case_id).using_db(tx.client).order_by("position") for table in _PARTS
    )
    return CaseProjection(
        record,
        tuple(await bulk.fetch(material, MaterialRow)),
        tuple(await bulk.fetch(paper, PaperRow)),
        tuple(await bulk.fetch(step, StepRow)),
    )


async def find(tx: Tx, case_id: str) -> CaseRow | None:
    """Return one case's row, or None."""
    return await bulk.fetch_one(CaseRecord.filter(case_id=case_id).using_db(tx.client), CaseRow)


async def by_number(tx: Tx, number: str) -> list[CaseRow]:
    """Return the cases with a receipt number, which may be two, in order of id."""
    query = CaseRecord.filter(number=number).using_db(tx.client).order_by("case_id")
    return await bulk.fetch(query, CaseRow)


async def paper(tx: Tx, paper_id: str) -> PaperRow | None:
    """Return one paper, or None."""
    return await bulk.fetch_one(CasePaper.filter(paper_id=paper_id).using_db(tx.client), PaperRow)


async def same_person(tx: Tx, identity_hash: bytes, item_code: str) -> list[CaseRow]:
    """Return the cases of a person for an item that are not over, for the duplicate check, in order of id."""
    query = CaseRecord.filter(identity_hash=identity_hash, item_code=item_code, closed_on__isnull=True)
    return await bulk.fetch(query.using_db(tx.client).order_by("case_id"), CaseRow)


async def children(tx: Tx, case_id: str) -> list[CaseRow]:
    """Return a case's children in order of id."""
    query = CaseRecord.filter(parent_case=case_id).using_db(tx.client).order_by("case_id")
    return await bulk.fetch(query, CaseRow)


async def forget(tx: Tx, case_id: str) -> None:
    """Remove everything of one case from the projections."""
    for table in _PARTS:
        await table.filter(case_id=case_id).using_db(tx.client).delete()
    query = CaseRecord.filter(case_id=case_id).using_db(tx.client)
    await search.forget(tx, [int(row["id"]) for row in await query.values("id")])
    await query.delete()
