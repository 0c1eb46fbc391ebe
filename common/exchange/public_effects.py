"""What entries of ``public`` do to the open database; a bad one is refused by itself, others pass."""

from collections.abc import Sequence
from dataclasses import replace

from common.casework.errors import CaseworkError
from common.casework.publishing import keep_item
from common.crypto.errors import BadSignatureError, CertificateError
from common.crypto.wire import FormatError
from common.domain.bodies import hub
from common.domain.calendar import from_json
from common.domain.node import NodeId
from common.exchange.checkpoints import keep_checkpoint
from common.exchange.network import Network, admit
from common.exchange.node_register import never_give_again
from common.journal.body import decode_body
from common.store import calendars, items, registry
from common.store.engine import Tx
from common.store.rows import EntryRow, RevocationRow, VersionRow


async def apply_public(tx: Tx, network: Network, rows: Sequence[EntryRow]) -> tuple[Network, list[EntryRow]]:
    """Apply entries of ``public`` in order; return the network after them and what became of each."""
    judged = []
    for row in rows:
        reason = row.reason
        if row.status == "applied" and row.body is not None:
            network, reason = await _apply(tx, network, row, decode_body(row.kind, row.body))
        judged.append(replace(row, status="refused", reason=reason) if reason else row)
    return network, judged


async def _apply(tx: Tx, network: Network, row: EntryRow, body: object) -> tuple[Network, str]:
    try:
        match body:
            case hub.NodeCertified():
                admitted = await admit(tx, network, bytes.fromhex(body.certificate))
                await never_give_again(tx, NodeId(body.node))
                return admitted, ""
            case hub.NodeRevoked():
                return await _revoke(tx, network, row, body), ""
            case hub.CheckpointMade():
                await keep_checkpoint(tx, network, bytes.fromhex(body.statement))
            case hub.ItemPublished():
                await keep_item(tx, body)
            case hub.CataloguePublished():
                content = {"effective": body.effective.isoformat(), "items": body.items}
                await items.save_catalogue(tx, VersionRow(body.version, body.number, row.time_ms, content))
            case hub.CalendarPublished():
                from_json(body.calendar)
                await calendars.save(tx, VersionRow(body.version, body.number, row.time_ms, body.calendar))
    except BadSignatureError:
        return network, "bad_signature"
    except (CertificateError, CaseworkError):
        return network, "does_not_hold"
    except (FormatError, ValueError):
        return network, "bad_content"
    return network, ""


async def _revoke(tx: Tx, network: Network, row: EntryRow, body: hub.NodeRevoked) -> Network:
    node = NodeId(body.node)
    revocation = RevocationRow(body.node, body.generation, row.time_ms, row.body or b"")
    await registry.revoke(tx, revocation)
    first = min(row.time_ms, network.revocations.get((node, body.generation), row.time_ms))
    return replace(network, revocations={**network.revocations, (node, body.generation): first})
