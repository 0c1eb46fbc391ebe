"""Grants as this node knows them, out of the store and into the domain's own form."""

from datetime import timedelta

from common.casework.desk import Desk
from common.domain.bodies.hub import GrantEnded, GrantGiven
from common.domain.grants import Grant, Power
from common.journal.body import to_plain
from common.store import grants
from common.store.engine import Tx
from common.store.rows import GrantRow

_DAY = timedelta(days=1)
_KNOWN = frozenset(Power)


async def every(tx: Tx) -> tuple[Grant, ...]:
    """Return every grant held here, in force or not."""
    return tuple(_grant(row) for row in await grants.every(tx))


async def of_login(desk: Desk, login: str) -> tuple[Grant, ...]:
    """Return the grants of an account of this node."""
    rows = await desk.vault.read(lambda tx: grants.every(tx, str(desk.seat.node)))
    return tuple(_grant(row) for row in rows if row.login == login)


async def keep(tx: Tx, given: GrantGiven) -> None:
    """Keep a grant the hub gave; one that ended stays ended."""
    known = await grants.find(tx, given.grant)
    await grants.save(
        tx,
        GrantRow(
            grant_id=given.grant,
            login=given.login,
            node=given.node,
            verbs=list(given.powers),
            items=[] if "*" in given.items else list(given.items),
            deputy=bool(given.deputy_of),
            valid_from=given.since,
            valid_until=given.until - _DAY if given.until else None,
            ended_on=known.ended_on if known else None,
            content=to_plain(given),
        ),
    )


async def end(tx: Tx, ended: GrantEnded) -> None:
    """End a grant from its day on."""
    await grants.end(tx, ended.grant, ended.on - _DAY)


def _grant(row: GrantRow) -> Grant:
    lasts = [day for day in (row.valid_until, row.ended_on) if day is not None]
    return Grant(
        grant=row.grant_id,
        node=row.node,
        login=row.login,
        name=str(row.content.get("name", "")),
        post=str(row.content.get("post", "")),
        powers=tuple(Power(verb) for verb in row.verbs if verb in _KNOWN),
        items=tuple(row.items) or ("*",),
        since=row.valid_from,
        until=min(lasts) + _DAY if lasts else None,
    )
