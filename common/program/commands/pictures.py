"""Pictures and PDFs beside a file of applications: found, developed and kept as the page does."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from common.casework.application_file import ApplicationFileError, Line, MaterialInFile, WrongLine
from common.casework.desk import Desk
from common.domain.application import Application, FileRef, MaterialGiven
from common.domain.findings import MOST_FILES
from common.domain.item import Item
from common.domain.sentence import Part
from common.domain.spoken_error import SpokenError
from common.media.keeping import keep_material
from common.media.limits import FILE_MAX
from common.media.refusal import PictureRefusedError, Refusal
from common.media.studio import Studio
from common.papers import fonts


async def with_pictures(desk: Desk, lines: Sequence[Line], folder: Path) -> list[Application]:
    """Return the applications with every file they name kept.

    Args:
        desk: where they are kept.
        lines: applications as they were read.
        folder: where names of files begin; none outside of it is read.

    Raises:
        ApplicationFileError: files that are missing or not taken, each with its line; nothing is taken in.
    """
    studio, wrong = Studio(fonts.REGULAR), []
    applications = []
    for line in lines:
        try:
            applications.append(await _one(studio, desk, line, folder))
        except SpokenError as error:
            wrong.append(WrongLine(line.number, error.sentence))
    if wrong:
        raise ApplicationFileError(tuple(wrong))
    return applications


async def _one(studio: Studio, desk: Desk, line: Line, folder: Path) -> Application:
    filed = line.application
    kept: dict[str, tuple[FileRef, ...]] = {}
    if any(material.files for material in filed.materials):
        _, item = desk.rules.to_apply_for(filed.item, desk.clock.today())
        kept = {one.code: await _kept(studio, desk, item, one, folder) for one in filed.materials}
    return filed.with_materials(
        tuple(
            MaterialGiven(one.code, one.copies, one.original_seen, kept.get(one.code, ()))
            for one in filed.materials
        )
    )


async def _kept(
    studio: Studio, desk: Desk, item: Item, material: MaterialInFile, folder: Path
) -> tuple[FileRef, ...]:
    known = item.material(material.code)
    if known is None:
        raise _FileError("事项里没有编码为{code}的材料，请对照事项目录。", code=material.code)
    if len(material.files) > MOST_FILES:
        raise _FileError("一份材料最多{most}个文件，请合并或分开提交。", most=MOST_FILES)
    kept: list[FileRef] = []
    for number, name in enumerate(material.files, start=1):
        try:
            data = await asyncio.to_thread(_read, folder, name)
            kept += await keep_material(studio, desk, item, known, data)
        except SpokenError as error:
            raise _FileError(
                "材料{code}的第{number}个文件：{why}", code=material.code, number=number, why=error.sentence
            ) from None
    return tuple(kept)


def _read(folder: Path, name: str) -> bytes:
    try:
        path = (folder / name).resolve(strict=True)
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise _FileError(_NOT_THERE)
        with path.open("rb") as file:
            data = file.read(FILE_MAX + 1)
    except (OSError, ValueError):
        raise _FileError(_NOT_THERE) from None
    if len(data) > FILE_MAX:
        raise PictureRefusedError(Refusal.TOO_HEAVY)
    return data


_NOT_THERE = "没有找到或读不了。文件要和申请文件放在同一个目录里，写相对的文件名。"


class _FileError(SpokenError):
    def __init__(self, sentence: str, **parts: Part) -> None:
        super().__init__("a file of an application cannot be kept", sentence, **parts)
