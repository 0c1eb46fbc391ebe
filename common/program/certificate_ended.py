"""Whether this node's own certificate has ended: then no session is let in, and only a renewal is."""

from datetime import datetime

from common.crypto.certificates import NodeCertificate
from common.program.clock_trust import dates_trusted
from common.program.house import House


async def valid_until(house: House) -> datetime | None:
    """Return the end of the node's certificate; None at the hub, and before it is enrolled."""
    signed = await house.own_certificate()
    return signed.cert.valid_until if signed and isinstance(signed.cert, NodeCertificate) else None


async def ended_at(house: House) -> datetime | None:
    """Return when the node's certificate ended; None while it is good, or while no date can be believed."""
    until = await valid_until(house)
    if until is None or not dates_trusted(house.clock) or house.clock.corrected() < until:
        return None
    return until
