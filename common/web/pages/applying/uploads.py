"""Pictures and documents out of a form: each is kept by itself, a bad one is told by its field."""

from common.casework.desk import Desk
from common.domain.application import FileRef
from common.domain.findings import MOST_FILES, Finding
from common.domain.item import Item
from common.domain.sentence import Sentence, together
from common.media.keeping import keep_material
from common.media.refusal import PictureRefusedError
from common.media.studio import Studio
from common.web.forms import Posted

MOST_COPIES = 99


async def keep_uploads(
    studio: Studio, desk: Desk, form: Posted, item: Item
) -> tuple[dict[str, tuple[FileRef, ...]], tuple[Finding, ...]]:
    """Keep every good file of fields ``files.<code>``, page by page in the order they came.

    Returns:
        The pages by material, and what is wrong with other files.
    """
    kept: dict[str, tuple[FileRef, ...]] = {}
    findings: list[Finding] = []
    for material in item.materials:
        files = form.files_of(f"files.{material.code}")
        if len(files) > MOST_FILES:
            too_many = Sentence("一次最多{most}个文件，后面的没有存，请分几次交。", most=MOST_FILES)
            findings.append(Finding(material.code, too_many))
        for content in files[:MOST_FILES]:
            try:
                pages = await keep_material(studio, desk, item, material, content)
            except PictureRefusedError as error:
                findings.append(Finding(material.code, together((error.sentence, "其他的已经存好。"))))
            else:
                kept[material.code] = (*kept.get(material.code, ()), *pages)
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
