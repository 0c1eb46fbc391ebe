"""Headers every answer carries: nothing runs, frames or loads that is not ours."""

from aiohttp import web

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""No inline script, no inline style; ``data:`` pictures are the style sheet's own small marks."""

SEALED_OFF = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""For what people handed in: should a browser ever see more in it than a picture, it can do nothing."""

_ALWAYS = {
    "Server": "jiujin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}


async def set_headers(request: web.Request, response: web.StreamResponse) -> None:  # noqa: ARG001 - a signal
    """Put the headers on an answer just before it is sent; pages are never kept by browsers or proxies."""
    response.headers.update(_ALWAYS)
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Cache-Control", "no-store")
