"""How this node and those below it stand now: for ``status`` and for metrics."""

from dataclasses import dataclass

from common.casework.rules import Rules, load_rules
from common.domain.watching import Watched
from common.exchange.version import PROGRAM
from common.exchange.watching import NodeWatched, watch_below, watch_self
from common.program.house import House
from common.web.metrics import Measured


@dataclass(frozen=True, slots=True)
class Standing:
    """This node and every node below it."""

    own: Watched
    below: tuple[NodeWatched, ...]


async def standing(house: House, *, serving: bool) -> Standing | None:
    """Return how all stand now, None before the box is enrolled; no vault is needed.

    Args:
        house: this node.
        serving: whether this process serves it, or is a command beside.
    """
    if house.exchange is None or house.identity is None:
        return None
    node, rules, now = house.identity.node, await _rules(house), house.clock.now()
    below = await house.opened.read(lambda tx: watch_below(tx, node, rules, now))
    return Standing(await watch_self(house.exchange, rules, serving=serving), tuple(below))


async def measured(house: House) -> tuple[Measured, ...]:
    """Return the same for metrics."""
    found = await standing(house, serving=True)
    if found is None or house.identity is None:
        return ()
    own = Measured(str(house.identity.node), str(house.settings.tier), PROGRAM, found.own)
    below = (Measured(str(one.node), one.row.tier, one.program, one.watched) for one in found.below)
    return (own, *below)


async def _rules(house: House) -> Rules:
    """Return the desk's rules where it is unlocked: loading all items for each scrape is not needed then."""
    return house.desk.rules if house.desk is not None else await load_rules(house.opened)
