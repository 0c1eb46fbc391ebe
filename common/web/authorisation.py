"""The one place that opens or closes pages: by the power their route declares."""

from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler

from common.domain.grants import POWER_NAMES, Power
from common.domain.sentence import Sentence
from common.domain.spoken_error import SpokenError
from common.web.context import actor_of
from common.web.redirect import see_other
from common.web.routing import PUBLIC, page_of

SIGN_IN = "/sign-in"


class NotYoursError(SpokenError):
    """The account lacks the power the page needs."""

    def __init__(self, power: Power) -> None:
        """Name the power in words."""
        super().__init__(
            "the account lacks the page's power",
            "您的账号不能打开这一页：它需要“{power}”。请找本站点的管理员，或换一个账号登录。",
            power=Sentence(POWER_NAMES[power]),
        )


@web.middleware
async def authorise(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the request through to its page, to the sign-in page, or to a refusal.

    Raises:
        HTTPForbidden: a route nobody declared.
        NotYoursError: signed in without the power.
    """
    if request.match_info.http_exception is not None:
        return await handler(request)
    declared = page_of(request)
    if declared is None:
        raise web.HTTPForbidden
    actor = actor_of(request)
    if declared.access is PUBLIC:
        return await handler(request)
    if actor is None:
        return _to_sign_in(request)
    if isinstance(declared.access, Power) and declared.access not in actor.powers:
        raise NotYoursError(declared.access)
    return await handler(request)


def _to_sign_in(request: web.Request) -> web.Response:
    """Send a person to sign in, and back afterwards where that is a page and not a deed."""
    if "HX-Request" in request.headers:
        return web.Response(status=401)  # a part of a page is not swapped for the sign-in page
    back = request.path if request.method == "GET" else ""
    query = f"?{urlencode({'next': back})}" if back else ""
    return see_other(f"{SIGN_IN}{query}")
