"""A body is read in memory, within its limit, or refused with a sentence."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import FormData


async def test_pictures_and_words_arrive_and_file_names_do_not(browser):
    await browser.get("/progress")
    form = FormData({"_token": browser.token, "who": " 王 "})
    form.add_field("files.m1", b"picture", filename="王秀芳身份证.jpg", content_type="image/jpeg")
    form.add_field("files.m1", b"", filename="", content_type="application/octet-stream")
    answer = await browser.client.post("/echo", data=form)
    told = await answer.json()
    assert told["fields"]["who"] == "王"
    assert told["files"][0] == "picture"


@pytest.mark.parametrize("size", [4097, 200_000])
async def test_a_body_over_the_pages_limit_is_refused_with_a_sentence(browser, size):
    await browser.get("/progress")
    form = FormData({"_token": browser.token})
    form.add_field("files", b"x" * size, filename="x.jpg")
    answer = await browser.client.post("/echo", data=form)
    assert answer.status == 413
    assert "之前存好的都在" in await answer.text()


async def test_a_body_without_a_length_meets_the_same_limit(browser):
    await browser.get("/progress")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"a=" + b"x" * 1000

    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRF-Token": browser.token}
    answer = await browser.client.post("/echo", data=endless(), headers=headers)
    assert answer.status == 413


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"a=%ff%fe"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=1"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(1001))),
        ("application/json", b"{}"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=b", b"nothing of it"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--b--\r\n',
        ),
    ],
)
async def test_what_is_no_form_is_refused_with_a_sentence(browser, kind, body):
    await browser.get("/progress")
    headers = {"Content-Type": kind, "X-CSRF-Token": browser.token}
    answer = await browser.client.post("/echo", data=body, headers=headers)
    assert answer.status == 409
    assert "没有提交任何内容" in await answer.text()
