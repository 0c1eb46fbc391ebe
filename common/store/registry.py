"""Certificates, revocations, and the hub's invitations."""

from common.store import bulk, marks
from common.store.engine import Tx
from common.store.rows import CertificateRow, InvitationRow, RevocationRow
from common.store.tables import Certificate, Invitation, Revocation


async def save_certificate(tx: Tx, certificate: CertificateRow) -> None:
    """Keep a verified certificate; one of that (node, generation) that is here already stays."""
    await bulk.insert_new(tx, Certificate, [certificate], ("node", "generation"))
    await marks.change(tx, marks.NETWORK)
    for revocation in await revocations(tx, certificate.node):
        await _mark(tx, revocation)


async def certificate(tx: Tx, node: str, generation: int) -> CertificateRow | None:
    """Return the certificate of (node, generation), or None."""
    query = Certificate.filter(node=node, generation=generation).using_db(tx.client)
    return await bulk.fetch_one(query, CertificateRow)


async def newest_certificate(tx: Tx, node: str) -> CertificateRow | None:
    """Return the node's certificate of the highest generation, revoked or not, or None."""
    query = Certificate.filter(node=node).using_db(tx.client).order_by("-generation")
    return await bulk.fetch_one(query, CertificateRow)


async def certificates(
    tx: Tx, *, node: str | None = None, tier: str | None = None, parent: str | None = None
) -> list[CertificateRow]:
    """Return certificates in order of (node, generation), of one node, tier or parent."""
    query = Certificate.all().using_db(tx.client).order_by("node", "generation")
    chosen = {"node": node, "tier": tier, "parent": parent}
    query = query.filter(**{name: value for name, value in chosen.items() if value is not None})
    return await bulk.fetch(query, CertificateRow)


async def revoke(tx: Tx, revocation: RevocationRow) -> None:
    """Keep a verified revocation; the first one of a (node, generation) stays."""
    await bulk.insert_new(tx, Revocation, [revocation], ("node", "generation"))
    await marks.change(tx, marks.NETWORK)
    for kept in await revocations(tx, revocation.node):
        await _mark(tx, kept)


async def _mark(tx: Tx, revocation: RevocationRow) -> None:
    query = Certificate.filter(node=revocation.node, generation=revocation.generation).using_db(tx.client)
    await query.update(revoked_ms=revocation.revoked_ms)


async def revocations(tx: Tx, node: str | None = None) -> list[RevocationRow]:
    """Return the revocations of one node or of all, in order of (node, generation)."""
    query = Revocation.all().using_db(tx.client).order_by("node", "generation")
    return await bulk.fetch(query if node is None else query.filter(node=node), RevocationRow)


async def is_revoked(tx: Tx, node: str, generation: int) -> bool:
    """Whether (node, generation) is revoked, known certificate or not."""
    return await Revocation.filter(node=node, generation=generation).using_db(tx.client).exists()


async def add_invitation(tx: Tx, invitation: InvitationRow) -> None:
    """Keep a new invitation."""
    await bulk.insert(tx, Invitation, [invitation])


async def invitation(tx: Tx, secret_digest: bytes) -> InvitationRow | None:
    """Return the invitation with this secret, or None."""
    query = Invitation.filter(secret_digest=secret_digest).using_db(tx.client)
    return await bulk.fetch_one(query, InvitationRow)


async def invitations(tx: Tx) -> list[InvitationRow]:
    """Return all invitations in order of node."""
    query = Invitation.all().using_db(tx.client).order_by("node", "expires_ms")
    return await bulk.fetch(query, InvitationRow)


async def use_invitation(tx: Tx, secret_digest: bytes, keys_digest: bytes) -> bool:
    """Use an open invitation with these keys; return False if it is void, or used with other keys."""
    found = await invitation(tx, secret_digest)
    if found is None or found.state == "void":
        return False
    if found.state == "used":
        return found.keys_digest == keys_digest
    query = Invitation.filter(secret_digest=secret_digest).using_db(tx.client)
    await query.update(state="used", keys_digest=keys_digest)
    return True


async def void_invitations(tx: Tx) -> None:
    """Make every open invitation void (after a restore)."""
    await Invitation.filter(state="open").using_db(tx.client).update(state="void")
