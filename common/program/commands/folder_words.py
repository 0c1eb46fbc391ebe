"""A visit to a folder in words: progress, what was taken in, written, for whom, refused and why."""

import time
from collections.abc import Iterator
from typing import Any

import click

from common.journal.taking_in import WHAT_TO_DO
from common.link.folder.report import FolderReport

_SAY_EVERY = 2.0
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


class Progress:
    """Says on standard error how far a long visit is, now and then."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, report: FolderReport) -> None:
        """Say it, if some seconds have passed."""
        if time.monotonic() - self._said >= _SAY_EVERY:
            self._said = time.monotonic()
            click.echo(
                f"已收下{report.parcels_in}个包裹，已写上{report.parcels_out}个，请不要拔出……", err=True
            )


def shown(report: FolderReport) -> dict[str, Any]:
    """Return a report for a program."""
    return {
        "taken_in": {
            "batches": report.batches_in,
            "attachments": report.attachments_in,
            "bytes": report.bytes_in,
            "receipts": report.receipts_in,
            "letters": report.letters_in,
        },
        "written": {
            "batches": report.batches_out,
            "attachments": report.attachments_out,
            "bytes": report.bytes_out,
            "letters": report.letters_out,
        },
        "waiting_there_for": {str(node): count for node, count in report.for_whom.items()},
        "removed": report.removed,
        "refused": {reason.value: count for reason, count in report.refused.items()},
        "spoilt": report.spoilt,
        "passed_over": dict(report.passed_over),
        "put_off": {reason.name.lower(): count for reason, count in report.put_off.items()},
        "forks": len(report.forks),
        "rolled_back": report.rolled_back,
        "too_many_files": report.too_many,
        "read_only": report.read_only,
        "full": report.full,
        "visitors": sorted(str(node) for node in report.words),
    }


def sentences(report: FolderReport) -> Iterator[str]:
    """Yield what a person should know, a line each; nothing in it calls anything delivered."""
    yield _taken_in(report)
    yield _written(report)
    yield from report.told
    for reason, count in report.refused.items():
        yield f"没有采用{count}个包裹：{WHAT_TO_DO[reason]}"
    if report.spoilt:
        yield f"{report.spoilt}个文件已损坏或放错了位置，已改名放在一边（末尾是 bad）；原站点下次会重新写上。"
    for code, count in report.passed_over.items():
        yield f"跳过{count}个文件：{_PASSED_OVER.get(code, code)}。"
    if report.put_off:
        yield f"{report.put_off.total()}个包裹本机放不下，先留在U盘上；请管理员清理磁盘后再来。"
    if report.forks:
        yield f"{len(report.forks)}本日志有两种历史，都已保留，请报告县级管理员。"
    if report.too_many:
        yield "U盘上的文件太多，这一次没有看完；请清理 JIUJIN 里不是本系统的文件后再运行一次。"
    yield from _ending(report)


def _taken_in(report: FolderReport) -> str:
    if not (report.parcels_in or report.receipts_in or report.letters_in):
        return "没有新的要收。"
    letters = f"、{report.letters_in}封信件" if report.letters_in else ""
    return (
        f"收下{report.batches_in}个批次、{report.attachments_in}个附件、{report.receipts_in}份回执{letters}。"
    )


def _written(report: FolderReport) -> str:
    letters = f"、{report.letters_out}封信件" if report.letters_out else ""
    said = f"写上{report.batches_out}个批次、{report.attachments_out}个附件{letters}。"
    if report.for_whom:
        waiting = "、".join(f"{node} 有{count}个" for node, count in report.for_whom.items())
        said += f"在U盘上等着的：{waiting}。"
    return said


def _ending(report: FolderReport) -> Iterator[str]:
    if report.rolled_back:
        yield "U盘上有本机签过、本机却没有的记录：本机像是被恢复到旧状态，或有一份复制在别处运行。"
        yield "没有往U盘上写。村镇站点已换新的纪元，请再运行一次；县级中心请联系县根密钥的保管人。"
    elif report.read_only:
        yield "U盘写不进去：给本机的已经收下，本机的没有写上。请打开写保护开关，或检查目录权限。"
    elif report.full:
        yield "U盘已满：给本机的已经收下，还有包裹没有写上。请换一只U盘，或删除U盘上无关的文件。"
    else:
        yield "可以拔出U盘了。送没送到，以对方的回执为准。"
