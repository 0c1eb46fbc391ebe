"""Papers as they come out: readable, embedded, the same bytes again, and never a program."""

import socket
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.papers.models import Paper
from common.papers.parts import Contact, MaterialHanded, Party
from common.papers.rendering import TEMPLATES, render, render_pages_png, template_of
from tests.common.papers.reading import fonts_of, opened, text_of, tight
from tests.common.papers.samples import (
    ACCEPTANCE,
    ALL,
    GRANT,
    HEAD,
    MANDATE,
    MISSING,
    NOTICE,
    NUMBER,
    RECEIPT,
    REFUSAL,
    REGISTRATION,
)

A4_POINTS = (595.28, 841.89)
EACH = pytest.mark.parametrize("paper", ALL.values(), ids=ALL)


@EACH
def test_every_page_is_a4(paper: Paper) -> None:
    for page in opened(render(paper)).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(A4_POINTS, abs=0.1)


@EACH
def test_only_our_own_fonts_are_used_and_all_are_embedded(paper: Paper) -> None:
    for page in opened(render(paper)).pages:
        for described in fonts_of(page):
            assert "+NotoSansSC-" in described["/BaseFont"]
            assert "/FontFile2" in described["/FontDescriptor"].get_object()


@EACH
def test_number_rare_surname_item_and_contact_can_be_read_out(paper: Paper) -> None:
    text = text_of(render(paper))
    assert NUMBER in text
    assert "𬱖秀兰" in text
    assert HEAD.item in text
    assert "0312-5550101" in text


@EACH
def test_the_same_paper_gives_the_same_bytes(paper: Paper) -> None:
    assert render(paper) == render(paper)


@EACH
def test_a_paper_names_its_template_and_version(paper: Paper) -> None:
    name, _, version = template_of(paper).rpartition("-")
    assert name
    assert version.isdigit()
    assert (TEMPLATES / f"{template_of(paper)}.typ").is_file()


@EACH
def test_a_sample_says_so_on_every_page_and_a_real_one_never_does(paper: Paper) -> None:
    for page in opened(render(paper)).pages:
        assert "样例数据，不作凭证" in page.extract_text()
    assert "样例" not in text_of(render(replace(paper, head=replace(paper.head, sample=False))))


@EACH
def test_the_integrity_mark_says_it_is_no_seal_and_nothing_on_a_paper_is_red(paper: Paper) -> None:
    assert "校验码（非电子印章）7F3A-91C2-0D4E-B865" in tight(text_of(render(paper)))
    shown = opened(render(replace(paper, head=replace(paper.head, check_code=""))))
    assert "校验码" not in "".join(page.extract_text() for page in shown.pages)
    look = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.typ"))
    assert "red" not in look.replace("rendered", "").replace("scored", "")


def test_papers_are_made_without_any_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket, "socket", refuse)
    assert render(RECEIPT).startswith(b"%PDF-")
    look = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.typ"))
    assert "@preview" not in look  # no package could be fetched, even by typst's own client


def test_every_receipt_says_that_receipt_is_not_acceptance() -> None:
    for paper in (RECEIPT, REGISTRATION):
        assert "收到不等于受理" in text_of(render(paper))


def test_only_a_lawful_receiver_gives_a_receipt_with_a_place_for_its_seal() -> None:
    lawful, other = text_of(render(RECEIPT)), text_of(render(REGISTRATION))
    assert "收件凭证" in lawful
    assert "代办登记单" not in lawful
    assert "（盖章处）" in lawful
    assert "代办登记单" in other
    assert "不是行政机关的收件凭证" in tight(other)
    assert "盖章处" not in other


def test_both_times_and_the_clock_stand_on_the_receipt() -> None:
    text = tight(text_of(render(RECEIPT)))
    assert "2026年11月23日10:15:29" in text
    assert "本机显示2026年11月23日10:15:33（比县里快3.2秒，误差不超过0.4秒）" in text
    arrived = replace(REGISTRATION, lawful_received=datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    assert "收件点收到2026年11月24日09:00:00" in tight(text_of(render(arrived)))
    assert "还没有送到" in text_of(render(REGISTRATION))


def test_who_insists_reads_it_with_everything_that_is_missing() -> None:
    text = tight(text_of(render(RECEIPT)))
    assert "坚持提交" in text
    assert all(tight(one.name) in text for one in MISSING)
    assert "坚持提交" not in text_of(render(replace(RECEIPT, insisted=False)))


def test_the_query_code_is_printed_on_the_first_print_only() -> None:
    assert "458120" in text_of(render(RECEIPT))
    again = text_of(render(replace(RECEIPT, query_code="")))
    assert "458120" not in again
    assert "第一次" in again


def test_thirty_materials_break_over_pages_under_a_repeated_heading() -> None:
    many = tuple(MaterialHanded(f"第{order}号材料", 1) for order in range(1, 31))
    document = opened(render(replace(RECEIPT, materials=many * 2)))
    pages = [page.extract_text() for page in document.pages]
    assert len(pages) > 2
    assert all("材料名称" in page for page in pages[:3])
    text = tight("".join(pages))
    assert all(f"第{order}号材料" in text for order in range(1, 31))
    assert all(NUMBER in page for page in pages)


def test_empty_lists_say_so() -> None:
    text = text_of(render(replace(REGISTRATION, materials=(), missing=(), insisted=False)))
    assert "没有收下任何材料" in text
    assert "没有发现缺少的材料" in text


def test_a_bare_paper_without_qr_agent_steps_or_phone_still_comes_out() -> None:
    bare = replace(HEAD, qr="", agent=None, contact=Contact("昝岗镇综合服务站"), applicant=Party("王芳"))
    pages = render_pages_png(
        replace(RECEIPT, head=bare, next_steps=(), missing=(), insisted=False, helper="")
    )
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_a_notice_tells_everything_with_source_way_and_last_day() -> None:
    text = tight(text_of(render(NOTICE)))
    for one in MISSING:
        assert all(tight(part) in text for part in (one.name, one.what, one.source, one.how))
    assert "2026年12月7日星期一" in text
    assert "没有规定最迟日期" in text


def test_an_acceptance_shows_both_limits_and_marks_a_provisional_one() -> None:
    text = tight(text_of(render(ACCEPTANCE)))
    assert "5个工作日，最迟2026年12月2日星期三" in text
    assert "20个工作日，最迟2027年1月4日星期一（暂定" in text
    assert "本事项没有给出" in text_of(render(replace(ACCEPTANCE, promised=None)))


def test_an_acceptance_by_silence_says_why() -> None:
    assert "视为受理" in tight(
        text_of(render(replace(ACCEPTANCE, accepted=ACCEPTANCE.received, deemed=True)))
    )


def test_a_refusal_tells_reasons_and_both_remedies() -> None:
    text = tight(text_of(render(REFUSAL)))
    assert "不予决定书" in text
    assert "在60日内，向雄县人民政府申请行政复议" in text
    assert "在6个月内，向雄县人民法院提起行政诉讼" in text
    assert "不予" not in text_of(render(GRANT))


def test_a_mandate_names_both_sides_and_its_end() -> None:
    text = tight(text_of(render(MANDATE)))
    assert "代办授权委托书" in text
    assert "李小敏（东庄村帮办员）" in text
    assert "至2027年5月22日止" in text


MARKUP = '#eval("1+1") *x* $x$ ] [ = y _z_ @a <b> `c` // d /* e \\u{41} #read("look-1.typ") "]'


@EACH
def test_what_people_write_is_never_markup(paper: Paper) -> None:
    head = replace(paper.head, applicant=Party(MARKUP), item=MARKUP, contact=Contact(MARKUP), number=MARKUP)
    text = tight(text_of(render(replace(paper, head=head))))
    assert text.count(tight(MARKUP)) >= 3


def test_line_ends_in_a_name_stay_in_its_line() -> None:
    head = replace(HEAD, applicant=Party("王\n芳\r\n= 大标题\u2028\u202e#lorem(9)\u0000"))
    assert "王 芳 = 大标题 #lorem(9)" in text_of(render(replace(RECEIPT, head=head)))


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60))
def test_no_text_stops_a_paper(text: str) -> None:
    head = replace(HEAD, agent=Party(text, text, text, text), qr=text[:20])
    assert render(replace(RECEIPT, head=head, helper=text, authority=text)).startswith(b"%PDF-")


def test_a_character_our_fonts_lack_is_marked_and_named_to_be_written_by_hand() -> None:
    text = text_of(render(replace(RECEIPT, head=replace(HEAD, applicant=Party("𠮷田")))))
    assert "〓田" in text
    assert "U+20BB7" in text
    assert "补写" in text
    assert "补写" not in text_of(render(RECEIPT))


@pytest.mark.parametrize("name", ["葛\U000e0100城", "\ufe0f王", "\ua66f芳", "ก็", "👨‍👩‍👧"])
def test_variants_and_foreign_marks_never_stop_a_paper(name: str) -> None:
    assert NUMBER in text_of(render(replace(RECEIPT, head=replace(HEAD, applicant=Party(name)))))


def test_a_complete_receipt_of_three_materials_is_one_sheet() -> None:
    for paper in (replace(RECEIPT, missing=(), insisted=False), replace(REGISTRATION, query_code="458120")):
        assert len(opened(render(paper)).pages) == 1
