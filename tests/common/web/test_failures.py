"""Every error is a page that says what happened, whether anything was lost, and what to do."""

import logging

import pytest

NEVER = ("500", "非法参数", "系统异常", "操作失败", "Internal", "Traceback", "Error")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/no-such-page", 404, "办件和已填的内容都没有变"),
        ("/broken", 500, "已填的内容没有丢"),
        ("/spoken", 409, "这件事已经办过了"),
        ("/language/klingon", 404, "没有这一页"),
    ],
)
async def test_errors_speak(browser, path, status, words):
    answer = await browser.get(path)
    text = await answer.text()
    assert answer.status == status
    assert words in text
    assert not any(word in text for word in NEVER)


async def test_a_method_that_is_not_there_speaks_too(browser):
    await browser.get("/progress")
    answer = await browser.post("/help")
    assert answer.status == 405
    assert "没有改动任何内容" in await answer.text()


async def test_the_log_tells_where_and_never_what_people_typed(browser, caplog):
    with caplog.at_level(logging.INFO):
        await browser.get("/broken?name=王秀芳")
    told = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("common.web"))
    assert "RuntimeError" in told
    assert "conftest.py:" in told
    assert "王秀芳" not in told
    assert "110105" not in told


async def test_the_number_on_the_page_is_the_one_in_the_log(browser, caplog):
    with caplog.at_level(logging.ERROR):
        text = await (await browser.get("/broken")).text()
    number = caplog.records[-1].__dict__["fields"]["number"]
    assert number in text
