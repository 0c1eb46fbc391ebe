"""Epochs a house begins because of what others know or what the county root signed."""

import logging

from common.domain.log import event
from common.exchange.epochs import RESTORED, ROLLED_BACK, close_epoch, stop_hub
from common.exchange.hub_epoch import sign_next_epoch
from common.program.house import House
from common.program.root_stick import RootStick

_log = logging.getLogger(__name__)


async def leave_rolled_back(house: House) -> None:
    """Another knows more of this node's epoch than the node: leave it; the hub's next one the root signs."""
    if house.is_hub:
        await stop_hub(house.enrolled()[1], ROLLED_BACK)
    else:
        await house.begin_epoch(RESTORED)


async def begin_hub_epoch(house: House, stick: RootStick) -> int:
    """Begin the hub's next epoch, signed by the county root, and return its order; ``RootError``."""
    _, exchange = house.enrolled()
    order = await sign_next_epoch(exchange, stick.root, stick.signed, stick.note)
    await house.settle()
    await close_epoch(exchange, house.at_desk())
    event(_log, logging.WARNING, "hub_epoch_began", order=order)
    return order
