"""What went wrong, as a page a person understands; the log gets the English and no personal data."""

import logging
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler

from common.domain.grants import NotAllowedError
from common.domain.log import event
from common.domain.spoken_error import SpokenError
from common.store.errors import StoreError
from common.web.attempts import TooManyTriesError
from common.web.authorisation import NotYoursError
from common.web.csrf import ForeignFormError
from common.web.rendering import show
from common.web.views.error import ErrorView

_LOG = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[SpokenError], int], ...] = (
    (ForeignFormError, 403),
    (NotYoursError, 403),
    (NotAllowedError, 403),
    (TooManyTriesError, 429),
)
_SPOKEN_STATUS = 409
_STORE_STATUS = 503
_FIRST_ERROR = 400
_SENTENCES: dict[int, tuple[str, str]] = {
    400: ("这个请求没有读懂", "没有改动任何内容。请返回上一页，重新做一次。"),
    403: ("这一页不能打开", "您的账号没有打开这一页的权力。请找本站点的管理员。"),
    404: ("没有这一页", "地址可能抄错了，或者这一页已经不在了。办件和已填的内容都没有变。请从首页重新找。"),
    405: ("这一页不能这样打开", "没有改动任何内容。请从首页重新进来。"),
    413: ("文件太大了", "这次交的文件加起来太大，没有存下；之前存好的都在。请一次少交几张，或把照片拍小些。"),
    429: ("请稍等一会儿", "试的次数太多了，请过几分钟再试。"),
}
_OURS = ("这一步没有做成", "已填的内容没有丢。请返回上一页再试一次；还是不行，请把下面的编号告诉管理员。")


@web.middleware
async def speak_of_failures(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into its page."""
    try:
        response = await handler(request)
    except SpokenError as error:
        event(_LOG, logging.INFO, "page_refused", method=request.method, page=_where(request), why=str(error))
        return show(request, ErrorView("这一步现在不能做", error.sentence), status=status_of(error))
    except StoreError as error:
        event(_LOG, logging.ERROR, "page_stuck", method=request.method, page=_where(request), error=error)
        return show(request, ErrorView("这一步没有做成", error.sentence), status=_STORE_STATUS)
    except web.HTTPException as answer:
        return _http(request, answer)
    except Exception as error:  # noqa: BLE001 - the edge: whatever it is, a person gets a sentence
        return _ours(request, error)
    return response


def status_of(error: SpokenError) -> int:
    """Return the HTTP status that fits a refusal."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), _SPOKEN_STATUS)


def _http(request: web.Request, answer: web.HTTPException) -> web.StreamResponse:
    if answer.status < _FIRST_ERROR:
        return web.Response(status=answer.status, headers=answer.headers)
    allowed = answer.headers.get("Allow")
    if request.method == "OPTIONS" and allowed:
        return web.Response(status=204, headers={"Allow": allowed})
    title, sentence = _SENTENCES.get(answer.status, _OURS)
    page = show(request, ErrorView(title, sentence), status=answer.status)
    if allowed:
        page.headers["Allow"] = allowed
    return page


def _ours(request: web.Request, error: Exception) -> web.Response:
    """Log where it happened, by file and line only: messages of errors may quote what people typed."""
    number = secrets.token_hex(3).upper()
    event(
        _LOG,
        logging.ERROR,
        "page_failed",
        method=request.method,
        page=_where(request),
        number=number,
        error=error,
    )
    return show(request, ErrorView(*_OURS, number=number), status=500)


def _where(request: web.Request) -> str:
    """Return the route's pattern: an address itself may name a case or a person."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "(no page)"
