"""Cases that are over, backed up and old enough: what a purge needs and an erasure may be ordered of."""

from datetime import timedelta
from uuid import UUID

from common.casework import accept, attachments, decide, hand_out, receive, review
from common.domain.application import MaterialGiven
from common.domain.bodies.facts import Outcome
from common.exchange.checkpoints import make_checkpoint
from common.exchange.receipts import SAFE
from common.store import journals, parcels, settings
from common.store.engine import Tx
from tests.builders.cases import application
from tests.builders.county import County
from tests.builders.desks import CHIEF, CLERK, HELPER

PICTURE = b"\xff\xd8\xff" + b"the picture nobody may find; " * 3000


async def closed_case(land: County, *, picture: bool = True) -> UUID:
    """Take a case in at the village and walk it to its end over the township and the hub."""
    materials = [MaterialGiven("m1", copies=1), MaterialGiven("m2", copies=1)]
    if picture:
        file = await attachments.keep_file(land.village.desk, PICTURE, "image/jpeg", "照片")
        materials.append(MaterialGiven("m3", files=(file,)))
    form = application(item="YL-0001", materials=tuple(materials))
    taken = await receive.receive(land.village.desk, HELPER, form)
    await land.settle(1)
    await review.review(land.township.desk, CLERK, taken.case_id, "材料属实", favourable=True)
    await land.settle(1)
    await accept.accept(land.hub.desk, CHIEF, taken.case_id)
    await decide.decide(land.hub.desk, CHIEF, taken.case_id, Outcome.GRANTED, "符合条件")
    await land.settle(1)
    await hand_out.hand_out(land.village.desk, HELPER, taken.case_id, "本人")
    return taken.case_id


async def back_up(land: County) -> None:
    """Say at the hub that a verified backup covers everything it has whole."""
    await land.hub.exchange.open.write(say_all_safe)


async def say_all_safe(tx: Tx) -> None:
    """Say of each journal that it is safe as far as nothing its runs name is lacking (statement.md §2)."""
    whole = {head.id: (head.digest.hex(), head.applied_number) for head in await journals.heads(tx)}
    for lacking in await parcels.in_state(tx, {"partial"}, "attachment"):
        if lacking.journal_id is not None:
            digest, number = whole[lacking.journal_id]
            whole[lacking.journal_id] = digest, min(number, lacking.first_number - 1)
    await settings.put(tx, SAFE, dict(whole.values()))


async def grow_old(land: County, days: int = 400) -> None:
    """Let time pass, and the hub sign it."""
    land.clock.at += timedelta(days=days)
    await make_checkpoint(land.hub.exchange, soonest=timedelta(), latest=timedelta())
