"""When a case may leave the disks below the hub (design §4, Purge): what the case itself says of it.

What signed receipts say of its entries is the other half: :mod:`common.journal.witnesses`.
"""

from datetime import date, timedelta
from enum import StrEnum

from common.domain.case import Case


class Kept(StrEnum):
    """Why a case stays whole on this disk."""

    NO_HUB_TIME = "no_hub_time"
    NOT_OVER = "not_over"
    ASKED = "asked"
    UNSETTLED = "unsettled"
    TASK_OPEN = "task_open"
    TOO_YOUNG = "too_young"
    NOT_APPLIED = "not_applied"
    NOT_SAFE = "not_safe"


KEPT_WORDS: dict[Kept, str] = {
    Kept.NO_HUB_TIME: "还没有收到过县里的时间签名",
    Kept.NOT_OVER: "还没有办结",
    Kept.ASKED: "有申请还没有答复",
    Kept.UNSETTLED: "有记录还没有接上或没有被采用",
    Kept.TASK_OPEN: "有任务还没有报告",
    Kept.TOO_YOUNG: "留存时间还没有到",
    Kept.NOT_APPLIED: "还有站点没有入账",
    Kept.NOT_SAFE: "县里的备份还没有包括它",
}


def kept_by_case(case: Case, last_day: date, retention_days: int, today: date | None) -> tuple[Kept, ...]:
    """Return what in the case itself keeps it here; nothing where it may go.

    Args:
        case: as its entries tell it.
        last_day: the China day of its latest entry.
        retention_days: its item's rule.
        today: the China day of the newest hub-signed time known here, None where there is none: a device's
            own clock ends no retention.
    """
    holds = {
        Kept.NO_HUB_TIME: today is None,
        Kept.NOT_OVER: not case.over,
        Kept.ASKED: bool(case.open_requests),
        Kept.UNSETTLED: bool(case.waiting or case.set_aside or case.stopped or case.unanswered),
        Kept.TASK_OPEN: any(not task.done for task in case.tasks.values()),
        Kept.TOO_YOUNG: today is not None and today <= _last(case, last_day, retention_days),
    }
    return tuple(kept for kept, so in holds.items() if so)


def _last(case: Case, last_day: date, retention_days: int) -> date:
    since = max(last_day, case.closed_on or last_day)
    # A device once ten thousand years ahead must not end the sweep of every other case.
    return since + timedelta(days=min(retention_days, (date.max - since).days))
