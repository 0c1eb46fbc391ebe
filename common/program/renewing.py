"""When a certificate is renewed, whatever carries the letter; it bounds connecting only (design §5)."""

from datetime import timedelta

from common.crypto.certificates import NodeCertificate
from common.exchange.enrolment import Send, renew, renewal_asked
from common.program.house import House

_BEFORE = timedelta(days=60)


async def renewal_due(house: House) -> bool:
    """Whether to ask for a new certificate, long before the end; that needs an unlocked box."""
    signed = await house.own_certificate()
    if house.locked or signed is None or not isinstance(signed.cert, NodeCertificate):
        return False
    if await house.opened.read(renewal_asked):
        return True  # though the new certificate may have come with the public journal already
    return house.clock.corrected() >= signed.cert.valid_until - _BEFORE


async def renew_by(house: House, send: Send) -> bool:
    """Ask, and take the answer if there is one; refusals are an ``EnrolmentError``."""
    if not await renew(house.opened, house.node_keys(), send):
        return False
    await house.settle()
    return True
