"""Files beside applications at the shell go the page's way, each wrong one told by its line."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from common.casework.application_file import ApplicationFileError, ApplicationInFile, Line, MaterialInFile
from common.casework.attachments import read_file
from common.domain.application import Person
from common.domain.item import Shows
from common.program.commands.pictures import with_pictures
from tests.builders import pictures as made
from tests.builders.desks import ITEMS
from tests.builders.sites import Node, publish, village

APPLICANT = Person("王桂芳", "11010519491231002X")


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    node = await village(tmp_path)
    yield node
    await node.desk.vault.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def line(*files: str, number: int = 1, code: str = "m1", item: str = "YL-0001") -> Line:
    return Line(number, ApplicationInFile(item, APPLICANT, materials=(MaterialInFile(code, files=files),)))


async def test_files_become_pages_in_the_order_they_are_named(node: Node, folder: Path) -> None:
    (folder / "card.heic").write_bytes(made.held(6, "HEIF"))
    (folder / "form.pdf").write_bytes(made.document("PAGE ONE", "PAGE TWO"))
    named = line("form.pdf", "card.heic")
    (application,) = await with_pictures(node.desk, [named], folder)
    (given,) = application.materials
    assert [(one.media_type, one.title) for one in given.files] == [("image/jpeg", "残疾人证")] * 3
    for file in given.files:
        data = await read_file(node.desk, file)
        assert data.startswith(b"\xff\xd8\xff")
        assert b"SECRET" not in data


async def test_a_proof_of_identity_is_marked_here_too(node: Node, folder: Path) -> None:
    (folder / "card.png").write_bytes(made.saved(Image.new("RGB", (600, 400), "white"), "PNG"))
    (bare,) = await with_pictures(node.desk, [line("card.png")], folder)
    item = ITEMS[0]
    marked = replace(item.materials[0], shows=Shows.IDENTITY)
    await publish(node.desk, [replace(item, materials=(marked, *item.materials[1:]))], 2)
    (with_words,) = await with_pictures(node.desk, [line("card.png")], folder)
    sizes = [one.materials[0].files[0].length for one in (bare, with_words)]
    assert sizes[1] > 2 * sizes[0], "a white page with words on it"


async def test_every_wrong_file_is_told_by_line_and_place_and_not_by_name(node: Node, folder: Path) -> None:
    (folder.parent / "outside.jpg").write_bytes(made.picture())
    (folder / "link.jpg").symlink_to(folder.parent / "outside.jpg")
    (folder / "page.jpg").write_bytes(b"<html>")
    (folder / "good.jpg").write_bytes(made.picture())
    wrong = [
        line("good.jpg", "missing-王桂芳.jpg", number=1),
        line("../outside.jpg", number=2),
        line("link.jpg", number=3),
        line("page.jpg", number=4),
        line("good.jpg", number=5, code="m9"),
        line("good.jpg", number=6, item="NO-SUCH"),
        line(*["good.jpg"] * 41, number=7),
        line(".", number=8),
        line("a\0b", number=9),
        line("good.jpg", number=10),
    ]
    with pytest.raises(ApplicationFileError) as refused:
        await with_pictures(node.desk, wrong, folder)
    assert [one.line for one in refused.value.wrong] == list(range(1, 10))
    assert "第1行：材料m1的第2个文件：没有找到" in refused.value.sentence
    assert "第4行：材料m1的第1个文件：只收照片" in refused.value.sentence
    assert "王桂芳" not in refused.value.sentence


async def test_an_application_without_files_needs_no_item_and_no_worker(node: Node, folder: Path) -> None:
    (application,) = await with_pictures(node.desk, [line(item="NO-SUCH")], folder)
    assert application.materials[0].files == ()
