"""The address in a receipt's QR: case and random token, nothing about the person, nothing to guess."""

import base64
import binascii
from uuid import UUID

from aiohttp import web

from common.casework.receive import TOKEN_BYTES

_CASE_BYTES = 16


def status_address(request: web.Request, case_id: UUID, token: str) -> str:
    """Return the whole address that shows where a case is; ``token`` is the receipt's, in hex."""
    packed = base64.urlsafe_b64encode(case_id.bytes + bytes.fromhex(token)).rstrip(b"=").decode()
    return f"{request.url.origin()}/q/{packed}"


def read_status(packed: str) -> tuple[UUID, str] | None:
    """Return case id and token of an address, None where it is none of ours."""
    try:
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _CASE_BYTES + TOKEN_BYTES:
        return None
    return UUID(bytes=raw[:_CASE_BYTES]), raw[_CASE_BYTES:].hex()
