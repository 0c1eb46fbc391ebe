"""What entries and marks are called on the desk."""

from datetime import date

from common.domain.calendar import WorkCalendar
from common.domain.case import Step
from common.domain.chinese_text import lateness_text
from common.domain.clocks import DueDate
from common.domain.course import STATE_NAMES, State
from common.domain.lateness import Light, lateness
from common.domain.sentence import Sentence

STEP_WORDS: dict[str, str] = {
    "submitted": "提交申请",
    "received": "收件",
    "handed_over": "移交",
    "custody_taken": "县里指定办理站点",
    "fact_forced": "县里跳过一条缺失记录",
    "notice_given": "一次性告知",
    "corrected": "申请人补正",
    "correction_taken": "补正收齐",
    "refused_to_accept": "不予受理",
    "accepted": "受理",
    "deemed_accepted": "逾期未告知，视为受理",
    "first_reviewed": "初审",
    "reviewed": "审核",
    "suspended": "特别程序开始",
    "resumed": "特别程序结束",
    "extended": "延期",
    "decided": "决定",
    "paper_issued": "制作文书",
    "handed_out": "交付结果",
    "delivered": "送达",
    "closed": "办结",
    "withdrawal_asked": "申请撤回",
    "withdrawn": "撤回",
    "withdrawal_refused": "不予撤回",
    "terminated": "终止",
    "lapsed": "逾期未补正",
    "revoked": "撤销",
    "joined": "并案",
    "task_assigned": "派出任务",
    "task_reported": "任务回报",
    "foreign_step": "外部系统办理",
    "arrived": "送达办理单位",
    "told": "已告知申请人",
    "aside_settled": "处理没有采用的记录",
    "yielded": "原办理站点已知道不再由它办",
    "custodian_released": "县里放行，不再等原办理站点",
    "printed": "打印",
    "paper_taken_in": "纸质补录",
}
MARK_WORDS: dict[str, str] = {
    "insisted": "坚持提交",
    "deemed": "视为受理",
    "waiting": "有记录在路上",
    "set_aside": "有记录未采用",
    "unanswered": "等原办理站点答复",
    "stopped": "需升级程序",
    "asked": "有新补正或请求",
    "archived": "已归档到县里",
}


def state_word(state: str) -> str:
    """Return a state's name."""
    return STATE_NAMES[State(state)]


def due_words(day: date | None, today: date, calendar: WorkCalendar) -> tuple[str, Light]:
    """Return how near a case's next due day is, in words and as a light; nothing where none runs."""
    if day is None:
        return "", Light.STILL
    late = lateness(DueDate(day, calendar.is_provisional(day)), today, calendar)
    return lateness_text(late), late.light


TOLD_WORDS = {"notice": "一次性告知", "refusal": "不予受理", "acceptance": "受理"}
"""What a record says somebody was told."""


def note_words(step: Step) -> str:
    """Return what the course says beside a step; numbers of papers stand elsewhere on the page."""
    if step.kind in {"submitted", "paper_issued"}:
        return ""
    return Sentence(TOLD_WORDS[step.note]) if step.kind == "told" and step.note in TOLD_WORDS else step.note
