"""How far the first run is, as the databases say: a box that was switched off goes on where it was."""

from enum import Enum

from common.domain.sentence import Sentence
from common.exchange.standing import certificate, identity
from common.store import accounts
from common.store.engine import Tx

FIRST = "/first-run"
COMPARE, WAITING, STOP = f"{FIRST}/compare", f"{FIRST}/waiting", f"{FIRST}/stop"
ADMINISTRATOR, RECOVERY, DONE = f"{FIRST}/administrator", f"{FIRST}/recovery", f"{FIRST}/done"


class Stage(Enum):
    """What is to be done next."""

    JOIN = "join"
    ADMINISTRATOR = "administrator"
    DONE = "done"


async def stage(tx: Tx) -> Stage:
    """Return what is to be done next."""
    if await identity(tx) is None:
        return Stage.JOIN
    return Stage.DONE if await accounts.every(tx) else Stage.ADMINISTRATOR


async def own_name(tx: Tx) -> str:
    """Return what the box is called since it joined, with its number; empty before."""
    who = await identity(tx)
    signed = await certificate(tx, who.node) if who else None
    return Sentence("{name}（{note}）", name=signed.cert.name, note=str(signed.cert.node)) if signed else ""
