"""A visit to a folder in words: what was taken in, written, for whom, refused and why."""

from collections.abc import Callable, Iterator

from common.domain.node import NodeId
from common.domain.sentence import Sentence, sentence_of
from common.journal.taking_in import WHAT_TO_DO
from common.link.folder.report import FolderReport

_PASSED_OVER = {
    "no_file": "是链接、目录或设备，不是普通文件",
    "too_large": "大得不像本系统写的",
    "empty": "是空的",
    "unreadable": "读不出来",
    "bad_word": "站点的清单残缺或被改动",
    "bad_signature": "站点清单的签名不对",
    "unknown_node": "还不认识写清单的站点",
    "revoked_node": "写清单的站点已被停用",
    "letter": "信件残缺",
}


def sentences(report: FolderReport, name: Callable[[NodeId], str] = str) -> Iterator[Sentence]:
    """Yield what a person should know, a line each; nothing in it calls anything delivered.

    Args:
        report: of the visit.
        name: what people call a node.
    """
    yield _taken_in(report)
    yield from _written(report, name)
    yield from map(sentence_of, report.told)
    for reason, count in report.refused.items():
        yield Sentence("没有采用{n}个包裹：{why}", n=count, why=Sentence(WHAT_TO_DO[reason]))
    if report.spoilt:
        yield Sentence(
            "{n}个文件已损坏或放错了位置，已改名放在一边（末尾是 bad）；原站点下次会重新写上。",
            n=report.spoilt,
        )
    for code, count in report.passed_over.items():
        yield Sentence("跳过{n}个文件：{why}。", n=count, why=Sentence(_PASSED_OVER.get(code, code)))
    if report.put_off:
        yield Sentence("{n}个包裹本机放不下，先留在U盘上；请管理员清理磁盘后再来。", n=report.put_off.total())
    if report.forks:
        yield Sentence("{n}本日志有两种历史，都已保留，请报告县级管理员。", n=len(report.forks))
    if report.too_many:
        yield Sentence("U盘上的文件太多，这一次没有看完；请清理 JIUJIN 里不是本系统的文件后再运行一次。")
    yield from _ending(report)


def _taken_in(report: FolderReport) -> Sentence:
    if not (report.parcels_in or report.receipts_in or report.letters_in):
        return Sentence("没有新的要收。")
    return Sentence(
        "收下{batches}个批次、{files}个附件、{receipts}份回执、{letters}封信件。",
        batches=report.batches_in,
        files=report.attachments_in,
        receipts=report.receipts_in,
        letters=report.letters_in,
    )


def _written(report: FolderReport, name: Callable[[NodeId], str]) -> Iterator[Sentence]:
    yield Sentence(
        "写上{batches}个批次、{files}个附件、{letters}封信件。",
        batches=report.batches_out,
        files=report.attachments_out,
        letters=report.letters_out,
    )
    if report.for_whom:
        waiting = tuple(
            Sentence("{node} 有{n}个", node=name(node), n=count) for node, count in report.for_whom.items()
        )
        yield Sentence("在U盘上等着的：{waiting}。", waiting=waiting)


def _ending(report: FolderReport) -> Iterator[Sentence]:
    if report.rolled_back:
        yield Sentence("U盘上有本机签过、本机却没有的记录：本机像是被恢复到旧状态，或有一份复制在别处运行。")
        yield Sentence("没有往U盘上写。村镇站点已换新的纪元，请再送一次；县级中心请联系县根密钥的保管人。")
    elif report.read_only:
        yield Sentence("U盘写不进去：给本机的已经收下，本机的没有写上。请打开写保护开关，或检查目录权限。")
    elif report.full:
        yield Sentence("U盘已满：给本机的已经收下，还有包裹没有写上。请换一只U盘，或删除U盘上无关的文件。")
    else:
        yield Sentence("可以拔出U盘了。送没送到，以对方的回执为准。")
