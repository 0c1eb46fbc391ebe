"""Pictures of a case are streamed to who may see it and says why; nothing in them can do anything."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import ClientPayloadError

from common.casework import attachments, receive
from common.casework.looking import LASTS
from common.domain.application import Application, FileRef, MaterialGiven, Person
from common.domain.grants import Actor, Role
from common.journal.attachment import PIECE
from common.store import grants
from common.web.headers import SEALED_OFF
from tests.builders.cases import TOWNSHIP
from tests.builders.desks import CHIEF, CLERK, HandClock
from tests.builders.sites import JPEG, Browser, Node, site, village

ADMIN = Actor("admin", "管理", frozenset({Role.ADMINISTRATOR}))
LONG = bytes(range(256)) * 1000


@pytest.fixture
async def node(tmp_path: Path) -> AsyncIterator[Node]:
    node = await village(tmp_path, TOWNSHIP)
    yield node
    await node.desk.vault.close()


@pytest.fixture
async def open_browser(node: Node) -> AsyncIterator[Callable[[], Browser]]:
    async with site(node, (CLERK, CHIEF, ADMIN), public=False) as browser:
        yield browser


async def case_with(node: Node, *files: tuple[bytes, str]) -> tuple[UUID, list[FileRef]]:
    kept = [await attachments.keep_file(node.desk, data, kind, "残疾人证") for data, kind in files]
    given = (MaterialGiven("m1", files=tuple(kept)), MaterialGiven("m2", copies=1))
    application = Application("YL-0001", Person("王桂芳", "11010519491231002X"), materials=given)
    return (await receive.receive(node.desk, CLERK, application)).case_id, kept


async def looked(browser: Browser, case_id: UUID) -> str:
    """Give a reason and return where the pictures are."""
    await browser.go(f"/desk/cases/{case_id}/materials/m1")
    await browser.send("/materials/m1", {"reason": "handle"})
    assert browser.status == 200
    return f"/desk/cases/{case_id}/files/m1"


async def test_pages_are_shown_in_order_after_a_reason_was_written_down(node, open_browser):
    case_id, _ = await case_with(node, *[(JPEG + bytes([at]), "image/jpeg") for at in range(3)])
    browser = await open_browser().sign_in("clerk")
    await browser.go(f"/desk/cases/{case_id}")
    assert f'href="/desk/cases/{case_id}/materials/m1"' in browser.text
    await browser.go(f"/desk/cases/{case_id}/files/m1/0")
    assert browser.path.endswith("/materials/m1"), "the picture leads to the question"
    assert "/files/m1/" not in browser.text
    await browser.send("/materials/m1", {"reason": "nosy"})
    assert browser.status == 422
    assert await node.desk.vault.read(lambda tx: grants.unmasks(tx, str(case_id))) == []
    await browser.send("/materials/m1", {"reason": "handle"})
    shown = [browser.text.index(f'src="/desk/cases/{case_id}/files/m1/{at}"') for at in range(3)]
    assert shown == sorted(shown)
    assert "第2页，共3页" in browser.text
    looks = await node.desk.vault.read(lambda tx: grants.unmasks(tx, str(case_id)))
    assert [(one.login, one.field, one.reason) for one in looks] == [("clerk", "pictures", "办理这个办件")]
    await browser.go(f"/desk/cases/{case_id}/files/m1/1")
    assert browser.body == JPEG + bytes([1])


async def test_a_reason_holds_for_one_person_one_case_and_a_while(node, open_browser):
    case_id, _ = await case_with(node, (JPEG, "image/jpeg"))
    other, _ = await case_with(node, (JPEG, "image/jpeg"))
    browser, chief = await open_browser().sign_in("clerk"), await open_browser().sign_in("chief")
    pictures = await looked(browser, case_id)
    for who, path in ((chief, f"{pictures}/0"), (browser, f"/desk/cases/{other}/files/m1/0")):
        await who.go(path)
        assert "<select" in who.text
    clock = node.desk.clock._source
    assert isinstance(clock, HandClock)
    clock.at += LASTS - timedelta(minutes=1)
    await browser.sign_in("clerk")
    await browser.go(f"{pictures}/0")
    assert browser.body == JPEG
    clock.at += timedelta(minutes=2)
    await browser.go(f"{pictures}/0")
    assert "<select" in browser.text
    clock.at -= timedelta(days=1)
    await browser.sign_in("clerk")
    await browser.go(f"{pictures}/0")
    assert "<select" in browser.text, "a look from later than now is none"


async def test_who_may_not_see_cases_sees_no_picture(node, open_browser):
    case_id, _ = await case_with(node, (JPEG, "image/jpeg"))
    stranger, admin = open_browser(), await open_browser().sign_in("admin")
    for path in ("materials/m1", "files/m1/0"):
        await stranger.go(f"/desk/cases/{case_id}/{path}")
        assert stranger.path == "/sign-in"
        await admin.go(f"/desk/cases/{case_id}/{path}")
        assert admin.status == 403


async def test_what_is_not_there_is_not_found(node, open_browser):
    case_id, _ = await case_with(node, (JPEG, "image/jpeg"))
    browser = await open_browser().sign_in("clerk")
    await looked(browser, case_id)
    for path in ("materials/m2", "materials/m9", "files/m1/1", "files/m9/0", "files/m1/x"):
        await browser.go(f"/desk/cases/{case_id}/{path}")
        assert browser.status == 404, path


@pytest.mark.parametrize(
    ("kind", "sent", "shown"),
    [
        ("image/jpeg", "image/jpeg", "inline"),
        ("image/png", "image/png", "inline"),
        ("text/html", "application/octet-stream", "attachment"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
        ("text/html\r\nX-Evil: yes", "application/octet-stream", "attachment"),
    ],
)
async def test_whatever_another_node_says_a_file_is_it_can_do_nothing_here(
    node, open_browser, kind, sent, shown
):
    case_id, _ = await case_with(node, (b"<script>alert(1)</script>", kind))
    browser = await open_browser().sign_in("clerk")
    pictures = await looked(browser, case_id)
    await browser.go(f"{pictures}/0")
    assert browser.headers["Content-Type"] == sent
    assert browser.headers["Content-Disposition"].startswith(shown)
    assert browser.headers["Content-Security-Policy"] == SEALED_OFF
    assert browser.headers["X-Content-Type-Options"] == "nosniff"
    assert browser.headers["Cache-Control"] == "no-store"
    assert "X-Evil" not in browser.headers


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        (f"bytes={PIECE - 3}-{PIECE + 3}", PIECE - 3, PIECE + 4),
        (f"bytes={PIECE * 3}-", PIECE * 3, len(LONG)),
        ("bytes=-100", len(LONG) - 100, len(LONG)),
        ("bytes=100-99999999", 100, len(LONG)),
    ],
)
async def test_a_range_is_sent_alone(node, open_browser, asked, start, stop):
    case_id, _ = await case_with(node, (LONG, "image/jpeg"))
    browser = await open_browser().sign_in("clerk")
    pictures = await looked(browser, case_id)
    async with browser.client.get(f"{pictures}/0", headers={"Range": asked}) as answer:
        assert answer.status == 206
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(LONG)}"
        assert await answer.read() == LONG[start:stop]


@pytest.mark.parametrize(
    "asked", ["bytes=9-3", "bytes=999999999-", "lines=1-2", "bytes=0-1,4-5", f"bytes={'9' * 5000}-"]
)
async def test_a_range_that_is_none_is_answered_with_all(node, open_browser, asked):
    case_id, _ = await case_with(node, (LONG, "image/jpeg"))
    browser = await open_browser().sign_in("clerk")
    pictures = await looked(browser, case_id)
    async with browser.client.get(f"{pictures}/0", headers={"Range": asked}) as answer:
        assert answer.status == 200
        assert await answer.read() == LONG
    async with browser.client.head(f"{pictures}/0") as answer:
        assert (answer.status, answer.content_length) == (200, len(LONG))
        assert await answer.read() == b""


async def test_a_picture_on_its_way_or_damaged_is_told_in_words(node, open_browser):
    case_id, (here, away) = await case_with(node, (LONG, "image/jpeg"), (JPEG, "image/jpeg"))
    node.desk.files.discard(bytes.fromhex(away.parcel))
    browser = await open_browser().sign_in("clerk")
    pictures = await looked(browser, case_id)
    await browser.go(f"/desk/cases/{case_id}/materials/m1")
    assert "这一页还在路上" in browser.text
    await browser.go(f"{pictures}/1")
    assert (browser.status, "还在路上" in browser.text) == (409, True)
    name = bytes.fromhex(here.parcel)
    sealed = bytearray(node.desk.files.read(name))
    sealed[0] ^= 1
    node.desk.files.save(name, bytes(sealed))
    await browser.go(f"{pictures}/0")
    assert (browser.status, "损坏" in browser.text) == (409, True)


async def test_a_picture_damaged_further_on_ends_short_of_its_length(node, open_browser):
    case_id, (file,) = await case_with(node, (LONG, "image/jpeg"))
    name = bytes.fromhex(file.parcel)
    sealed = bytearray(node.desk.files.read(name))
    sealed[-1] ^= 1
    node.desk.files.save(name, bytes(sealed))
    browser = await open_browser().sign_in("clerk")
    pictures = await looked(browser, case_id)
    async with browser.client.get(f"{pictures}/0") as answer:
        assert answer.content_length == len(LONG)
        with pytest.raises(ClientPayloadError):
            await answer.read()
    await browser.go(f"/desk/cases/{case_id}")
    assert browser.status == 200
