"""What pages say of cases that were archived or erased."""

from pathlib import Path

import pytest

from common.casework import receive
from common.casework.archiving import archive
from common.casework.erasing import order_erasure
from common.crypto.signing import SigningKey
from common.domain.bodies.hub import Ground
from common.domain.grants import Role
from common.exchange.checkpoints import make_checkpoint
from common.exchange.clearing import clear
from common.exchange.purging import purge
from common.journal.case_summary import sign_summary
from common.store import cases, entries
from common.store.engine import Tx
from common.web.translation import english
from tests.builders.archives import back_up, closed_case, grow_old
from tests.builders.cases import VILLAGE, application
from tests.builders.county import county
from tests.builders.desks import HELPER, person
from tests.builders.offices import signed_in, staffed
from tests.builders.sites import site, village

FIRST, SECOND = person("li.admin", Role.ADMINISTRATOR), person("sun.supervisor", Role.SUPERVISOR)


@pytest.mark.timeout(120)
async def test_an_archived_case_is_found_by_its_number_and_says_whom_to_ask(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await make_checkpoint(land.hub.exchange)
        await land.settle(1)
        case_id = await closed_case(land)
        await land.settle(2)
        await back_up(land)
        await grow_old(land)
        await land.settle(2)
        assert await purge(land.township.exchange) == 1
        row = await land.township.vault.read(lambda tx: cases.find(tx, str(case_id)))
        assert row is not None
        async with staffed(land.township) as (_, browsers):
            browser = await signed_in(browsers())
            await browser.go(f"/desk/cases?q={row.number}")
            assert "已归档到县里" in browser.words
            assert "王*芳" in browser.words
            await browser.go(f"/desk/cases/{case_id}")
            assert browser.status == 200
            assert "县里完整保存" in browser.words
            assert "准予" in browser.words
            assert "王桂芳" not in browser.words
            await browser.go("/language/en?back=/desk")
            await browser.go(f"/desk/cases/{case_id}")
            assert "Archived at the county" in browser.words


@pytest.mark.timeout(120)
async def test_the_hub_sees_who_has_erased_and_who_has_not(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        case_id = await closed_case(land, picture=False)
        await land.settle(2)
        await order_erasure(land.hub.desk, FIRST, SECOND, case_id, Ground.UNLAWFUL)
        await clear(land.hub.exchange)
        async with staffed(land.hub) as (_, browsers):
            browser = await signed_in(browsers())
            await browser.go("/desk/erasures")
            assert browser.status == 200
            assert "li.admin先生、sun.supervisor先生" in browser.words
            waiting = browser.words.index("还没有")
            assert browser.words.index("一铺东村", waiting) > waiting
            await browser.go(f"/desk/cases/{case_id}")
            assert browser.status == 409
            assert "已依法删除" in browser.words
            await browser.go("/desk/cases")
            assert "/desk/erasures" in browser.words
            await land.settle(3)
            await browser.go("/desk/erasures")
            assert "都删了" in browser.words
    assert english()["都删了"]


async def test_a_villagers_receipt_goes_on_answering_after_the_case_was_archived(tmp_path: Path) -> None:
    node = await village(tmp_path)
    taken = await receive.receive(node.desk, HELPER, application(item="YL-0003"))
    rows = await node.desk.vault.read(lambda tx: entries.of_case(tx, str(taken.case_id)))
    places, key = {(row.journal_id, row.number) for row in rows}, SigningKey.generate()

    async def work(tx: Tx) -> bool:
        day = node.desk.clock.today()
        return await archive(
            tx, node.desk, taken.case_id, places, day, lambda one: sign_summary(one, VILLAGE, 1, key).encode()
        )

    assert await node.desk.vault.write(work)
    async with site(node) as browsers:
        browser = browsers()
        await browser.go("/progress")
        await browser.send("/progress", {"number": str(taken.number), "code": taken.query_code})
        assert browser.status == 200
        assert "已归档到县里" in browser.words
        assert "王*芳" in browser.words
        await browser.go("/progress")
        await browser.send("/progress", {"number": str(taken.number), "code": "000000"})
        assert "已归档" not in browser.words
