"""Where a program's pages have files developed."""

from aiohttp import web

from common.media.studio import Studio

STUDIO: web.AppKey[Studio] = web.AppKey("jiujin_studio", Studio)


def studio_of(request: web.Request) -> Studio:
    """Return it."""
    return request.config_dict[STUDIO]
