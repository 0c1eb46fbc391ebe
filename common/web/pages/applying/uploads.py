"""Pictures and documents out of a form: each is kept by itself, a bad one is told by its field."""

from collections.abc import Sequence

from common.casework.attachments import keep_file
from common.casework.desk import Desk
from common.casework.errors import FileRefusedError
from common.domain.application import FileRef
from common.domain.findings import Finding
from common.domain.item import Material
from common.domain.sentence import together
from common.web.forms import Posted

MOST_COPIES = 99


async def keep_uploads(
    desk: Desk, form: Posted, materials: Sequence[Material]
) -> tuple[dict[str, tuple[FileRef, ...]], tuple[Finding, ...]]:
    """Keep every good file of fields ``files.<code>``; return them by code, and what is wrong with others."""
    kept: dict[str, tuple[FileRef, ...]] = {}
    findings: list[Finding] = []
    for material in materials:
        for content in form.files_of(f"files.{material.code}"):
            try:
                file = await keep_file(desk, content, material.name)
            except FileRefusedError as error:
                findings.append(Finding(material.code, together((error.sentence, "其他的已经存好。"))))
            else:
                kept[material.code] = (*kept.get(material.code, ()), file)
    return kept, tuple(dict.fromkeys(findings))


def copies(form: Posted, code: str) -> int | None:
    """Return the paper copies of field ``copies.<code>``, 0 where it is empty, None where it is no count."""
    typed = form.text(f"copies.{code}") or "0"
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 2 or int(typed) > MOST_COPIES:  # noqa: PLR2004
        return None
    return int(typed)


def size_text(size: int) -> str:
    """Return a file's size as ``3.2 MB`` or ``48 KB``."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{max(1, size // 1000)} KB"  # noqa: PLR2004
