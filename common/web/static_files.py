"""Style, script and marks, from memory, under names that change with their content."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from common.web.routing import PUBLIC, Page, page

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOREVER = "public, max-age=31536000, immutable"


class MissingBrowserFileError(RuntimeError):
    """A file of the pages is not there: the build did not run."""


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """The files under ``static/`` by the path they are asked for."""

    by_name: dict[str, str]
    content: dict[str, tuple[bytes, str]]

    def url(self, name: str) -> str:
        """Return the address of a file, with its content's hash in it.

        Raises:
            MissingBrowserFileError: there is no such file.
        """
        if name not in self.by_name:
            raise MissingBrowserFileError(f"common/web/static/{name} is not there: run `make setup`")
        return self.by_name[name]

    def page(self) -> Page:
        """Return the page that serves them, to everybody."""
        return page("GET", "/static/{digest}/{name:.+}", PUBLIC, self._serve)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        found = self.content.get(request.path)
        if found is None:
            raise web.HTTPNotFound
        body, kind = found
        return web.Response(body=body, headers={"Content-Type": kind, "Cache-Control": _FOREVER})


def load(folder: Path) -> StaticFiles:
    """Read every file browsers ask for under ``folder``."""
    by_name: dict[str, str] = {}
    content: dict[str, tuple[bytes, str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in _TYPES:
            body = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            by_name[name] = f"/static/{hashlib.sha256(body).hexdigest()[:16]}/{name}"
            content[by_name[name]] = (body, _TYPES[path.suffix])
    return StaticFiles(by_name, content)
