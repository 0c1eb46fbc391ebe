"""A form counts only when it comes from a page of ours in the same session."""

import hmac
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler

from common.domain.spoken_error import SpokenError
from common.web.forms import POSTED, read_form
from common.web.routing import page_of
from common.web.session import SESSION

FIELD = "_token"
HEADER = "X-CSRF-Token"
_SECRET = "csrf"  # noqa: S105 - the name of the session's field, not a secret
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignFormError(SpokenError):
    """The form does not carry this session's token."""

    def __init__(self) -> None:
        """Say what happened and what to do."""
        super().__init__(
            "a form without this session's token",
            "这个页面放得太久了，为了安全，这一步没有提交；之前保存的内容没有丢。请返回上一页，刷新后再提交一次。",
        )


def token(request: web.Request) -> str:
    """Return the token that every form of this session carries."""
    session = request[SESSION]
    if _SECRET not in session:
        session[_SECRET] = secrets.token_urlsafe(32)
    return str(session[_SECRET])


@web.middleware
async def guard_forms(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Read the form within its page's limit and refuse one from elsewhere.

    Raises:
        ForeignFormError: no token, another session's, or another site sent it.
    """
    declared = page_of(request)
    if request.method in _SAFE or declared is None:
        return await handler(request)
    form = await read_form(request, declared.largest)
    given = request.headers.get(HEADER) or form.text(FIELD)
    expected = request[SESSION].get(_SECRET, "")
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    if foreign or not expected or not hmac.compare_digest(given.encode(), str(expected).encode()):
        raise ForeignFormError
    request[POSTED] = form
    return await handler(request)
