"""What a visit says to the person with the stick: each trouble has its sentence, nothing is delivered."""

import json

import pytest

from common.domain.node import NodeId
from common.journal.taking_in import Reason
from common.link.folder.report import FolderReport
from common.link.folder.telling import sentences
from common.program.commands.folder_words import shown
from common.sync.reasons import LaterReason
from tests.builders.cases import HUB


def said(**what: object) -> str:
    report = FolderReport()
    for name, value in what.items():
        current = getattr(report, name)
        if hasattr(current, "update"):
            current.update(value)
        else:
            setattr(report, name, value)
    return "\n".join(sentences(report))


def test_a_quiet_visit_says_that_the_stick_may_go() -> None:
    assert "没有新的要收" in said()
    assert "可以拔出U盘了" in said()


def test_what_came_and_what_was_written_is_counted_for_whom() -> None:
    text = said(batches_in=3, receipts_in=2, batches_out=4, attachments_out=1, for_whom={HUB: 5})
    assert "收下3个批次、0个附件、2份回执" in text
    assert f"{HUB} 有5个" in text
    assert "以对方的回执为准" in text
    assert "送达" not in text


@pytest.mark.parametrize(
    ("what", "word"),
    [
        ({"read_only": True}, "写不进去"),
        ({"full": True}, "U盘已满"),
        ({"rolled_back": True}, "请再送一次"),
        ({"too_many": True}, "文件太多"),
        ({"spoilt": 2}, "2个文件已损坏"),
        ({"passed_over": {"no_file": 1}}, "不是普通文件"),
        ({"passed_over": {"unknown_node": 1}}, "还不认识"),
        ({"refused": {Reason.BAD_SIGNATURE: 1}}, "签名不对"),
        ({"put_off": {LaterReason.QUOTA: 4}}, "4个包裹本机放不下"),
        ({"told": ["证书已续期。"]}, "证书已续期"),
    ],
)
def test_every_trouble_has_its_sentence(what: dict[str, object], word: str) -> None:
    assert word in said(**what)


def test_a_report_is_shown_to_programs_as_json() -> None:
    report = FolderReport(batches_in=1, for_whom={NodeId("130638-0001"): 2})
    report.refused[Reason.REVOKED] += 1
    value = json.loads(json.dumps(shown(report)))
    assert value["taken_in"]["batches"] == 1
    assert value["waiting_there_for"] == {"130638-0001": 2}
    assert value["refused"] == {"revoked": 1}
