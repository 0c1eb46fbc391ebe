"""Reading what was posted, in memory only: a form's words and pictures never touch the disk unsealed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from common.domain.spoken_error import SpokenError

_MOST_FIELDS = 1000


class FormRefusedError(SpokenError):
    """The body is no form we can read."""

    def __init__(self) -> None:
        """Say that nothing is lost."""
        super().__init__(
            "the body is not a readable form",
            "这份表单没有读懂，没有提交任何内容。请返回上一页，重新填写后再提交。",
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a form; its name is dropped, since names of files tell about people."""

    field: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """Everything a form brought, in the order it came."""

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[Upload, ...] = ()

    def text(self, name: str) -> str:
        """Return the first value of a field without blanks around it, empty where there is none."""
        return next((value.strip() for key, value in self.fields if key == name), "")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return every value of a field (check boxes)."""
        return tuple(value for key, value in self.fields if key == name)

    def values(self) -> dict[str, str]:
        """Return the first value of each field, to fill the form again."""
        return {key: self.text(key) for key, _ in self.fields}

    def files_of(self, name: str) -> tuple[bytes, ...]:
        """Return the contents posted in one file field, empty choices left out."""
        return tuple(one.content for one in self.files if one.field == name and one.content)


POSTED: web.RequestKey[Posted] = web.RequestKey("jiujin_posted", Posted)


def posted(request: web.Request) -> Posted:
    """Return the form of this request; empty for a GET."""
    return request.get(POSTED) or Posted()


async def read_form(request: web.Request, largest: int) -> Posted:
    """Read the body as a form.

    Raises:
        HTTPRequestEntityTooLarge: more than ``largest`` bytes.
        FormRefusedError: not a form, not UTF-8, or too many fields.
    """
    if (request.content_length or 0) > largest:
        raise web.HTTPRequestEntityTooLarge(largest, request.content_length or 0)
    try:
        if request.content_type == "multipart/form-data":
            return await _multipart(request, largest)
        return await _plain(request, largest)
    except (ValueError, LookupError, AssertionError) as error:
        raise FormRefusedError from error


async def _plain(request: web.Request, largest: int) -> Posted:
    body = await _within(request.content.iter_any(), largest)
    if not body:
        return Posted()
    if request.content_type != "application/x-www-form-urlencoded":
        raise FormRefusedError
    pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    return Posted(tuple(pairs))


async def _multipart(request: web.Request, largest: int) -> Posted:
    fields: list[tuple[str, str]] = []
    files: list[Upload] = []
    left = largest
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or len(fields) + len(files) >= _MOST_FIELDS:
            raise FormRefusedError
        content = await _within(_chunks(part), left)
        left -= len(content)
        if part.filename is None:
            fields.append((part.name or "", content.decode()))
        else:
            files.append(Upload(part.name or "", content))
    return Posted(tuple(fields), tuple(files))


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(64 * 1024):
        yield chunk


async def _within(chunks: AsyncIterator[bytes], largest: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > largest:
            raise web.HTTPRequestEntityTooLarge(largest, len(body))
    return bytes(body)
