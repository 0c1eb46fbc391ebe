"""Browsers' sessions, named by the digest of their tokens."""

from common.store import bulk
from common.store.engine import Tx
from common.store.rows import SessionRow
from common.store.tables import WebSession


async def save(tx: Tx, session: SessionRow) -> None:
    """Add or overwrite a session."""
    await bulk.upsert(tx, WebSession, [session], ("token_digest",))


async def find(tx: Tx, token_digest: bytes, now_ms: int) -> SessionRow | None:
    """Return a session that has not expired, or None."""
    query = WebSession.filter(token_digest=token_digest, expires_ms__gt=now_ms).using_db(tx.client)
    return await bulk.fetch_one(query, SessionRow)


async def end(tx: Tx, token_digest: bytes) -> None:
    """End one session."""
    await WebSession.filter(token_digest=token_digest).using_db(tx.client).delete()


async def end_all(tx: Tx, login: str) -> None:
    """End every session of a login."""
    await WebSession.filter(login=login).using_db(tx.client).delete()


async def sweep(tx: Tx, now_ms: int) -> None:
    """Forget expired sessions."""
    await WebSession.filter(expires_ms__lte=now_ms).using_db(tx.client).delete()
