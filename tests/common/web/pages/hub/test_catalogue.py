"""The catalogue's desk: a sheet with faults, publishing from a day on, the calendar."""

from datetime import timedelta

from tests.builders.sites import Browser

GOOD = "code,name,route\nXX-1,新事项,village>township\nXX-2,另一个事项,village>county\n"


async def upload(browser: Browser, text: str) -> Browser:
    await browser.go("/desk/catalogue/upload")
    return await browser.send("/upload", files=[("sheet", text.encode())])


async def test_wrong_columns_are_told_and_nothing_changes(browser):
    await upload(browser, "编码,name\nXX-1,新事项\n")
    assert browser.status == 200
    assert "一项也没有读进来" in browser.words
    assert "缺少这一列" in browser.words
    assert "不认识这一列" in browser.words


async def test_good_rows_become_drafts_and_bad_ones_are_told_by_row(browser, hub, land):
    await upload(browser, GOOD + "XX-3,,village\n")
    assert "读进2项，其中2项和现有的不同" in browser.words
    assert "这一格不能空" in browser.words
    await browser.go("/desk/catalogue")
    assert "发布2个草稿" in browser.words
    await browser.go("/desk/catalogue/publish")
    await browser.send("/publish", {"effective": ""})
    assert "请选一个生效日期" in browser.words
    yesterday = land.hub.desk.clock.today() - timedelta(days=1)
    await browser.send("/publish", {"effective": yesterday.isoformat()})
    assert "生效日期不能早于今天" in browser.words
    later = land.hub.desk.clock.today() + timedelta(days=9)
    await browser.send("/publish", {"effective": later.isoformat()})
    assert browser.path == "/desk/catalogue"
    assert "已经发布" in browser.words
    assert "起用" in browser.words
    assert hub[0].kicks == 1
    await browser.go("/desk/catalogue/publish")
    assert "没有等着发布的草稿" in browser.words


async def test_a_file_that_is_none_and_no_file_get_a_sentence(browser):
    await browser.go("/desk/catalogue/upload")
    await browser.send("/upload")
    assert browser.status == 400
    assert "请选一个 CSV 文件" in browser.words
    await browser.go("/desk/catalogue/upload")
    await browser.send("/upload", files=[("sheet", b"\xff\xfe\x00\x81\xff")])
    assert "读不懂这个文件" in browser.words


async def test_items_are_found_and_have_a_page(browser):
    await browser.go("/desk/catalogue?q=残疾人")
    assert "YL-0001" in browser.words
    assert "YL-0002" not in browser.words
    await browser.go("/desk/catalogue/items/YL-0001")
    assert "困难残疾人生活补贴" in browser.words
    assert "残疾人证" in browser.words
    await browser.go("/desk/catalogue/items/none")
    assert browser.status == 404


async def test_the_calendar_says_which_years_are_a_guess(browser):
    await browser.go("/desk/catalogue/calendar")
    assert browser.status == 200
    assert "2027年国务院的放假通知还没有出" in browser.words
    assert "10月1日、2日、5日" in browser.words
