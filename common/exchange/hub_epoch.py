"""The hub's next epoch, signed by the county root: after a restore, a roll-back or a move (design §5)."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from common.casework.publishing import leave_numbers
from common.crypto.certificates import HubCertificate, read_certificate
from common.crypto.errors import BadSignatureError, CertificateError
from common.crypto.root import CountyRoot
from common.domain.spoken_error import SpokenError
from common.exchange.certifying import SERIES as CERTIFICATES
from common.exchange.epochs import RESTORED, note_left
from common.exchange.exchange import Exchange
from common.exchange.network import admit, hub_epochs, read_network
from common.exchange.node_register import SERIES as NODES
from common.exchange.standing import Identity, keep_identity
from common.journal.ids import new_epoch
from common.store import registry, serials
from common.store.engine import Tx

NUMBER_GAP = 500
"""Numbers of nodes, certificates and publications left out: the hub before may have given them."""


class RootError(SpokenError):
    """The county root that was brought is not this county's."""


async def sign_next_epoch(
    exchange: Exchange, root: CountyRoot, signed: Sequence[bytes], note: Callable[[bytes], None]
) -> int:
    """Give the hub a new epoch under the next order of the root, and return that order.

    Open invitations become void. The epoch before is closed by ``epochs.close_epoch``.

    Args:
        exchange: the hub's; the caller takes its new epoch up.
        root: read from its stick.
        signed: every hub certificate the stick knows of: none of their orders is given again.
        note: notes every certificate known, the new one too, on the stick before anything stands.

    Raises:
        RootError: the root is another county's, or the stick's list does not fit this hub's.
    """
    now = exchange.clock.corrected().replace(microsecond=0)

    async def work(tx: Tx) -> int:
        network = await read_network(tx)
        if network is None or network.root != root.public():
            raise RootError("another root", "这不是本县的县根密钥，请核对U盘。")
        for one in signed:
            network = await admit(tx, network, one)
        before = network.hub
        order = network.hub.order + 1
        cert = replace(before, epoch=new_epoch(), order=order, valid_from=now)
        encoded = root.certify_hub(cert)
        await admit(tx, network, encoded)
        for one in sorted(await hub_epochs(tx), key=_order):
            await asyncio.to_thread(note, one)
        await note_left(tx, exchange.epoch, RESTORED)
        await keep_identity(tx, Identity(cert.node, cert.generation, cert.epoch, network.root))
        await registry.void_invitations(tx)
        for series in (NODES, CERTIFICATES):
            await serials.skip(tx, 0, NUMBER_GAP, series)
        await leave_numbers(tx, NUMBER_GAP)
        return order

    try:
        return await exchange.open.write(work)
    except (CertificateError, BadSignatureError) as error:
        raise RootError(
            "the stick's list of epochs does not fit",
            "县根U盘上的记录和这台县级中心对不上，请换另一个县根U盘核对。",
        ) from error


def _order(encoded: bytes) -> int:
    cert = read_certificate(encoded).cert
    return cert.order if isinstance(cert, HubCertificate) else 0
