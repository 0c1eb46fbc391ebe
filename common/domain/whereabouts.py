"""Where is it: four joined steps, each filled only by a signed receipt or the custodian's fact (faces)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from common.domain.bodies.facts import Outcome
from common.domain.case import Case
from common.domain.case_clocks import CaseClocks
from common.domain.chinese_text import due_text
from common.domain.course import State
from common.domain.item import Item
from common.domain.node import Tier
from common.domain.sentence import Sentence


class Filled(StrEnum):
    """How a step shows."""

    DONE = "done"
    OPEN = "open"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Reached:
    """What signed receipts say of one node: since when it holds the case, and whether it opened it."""

    held_at: datetime | None = None
    applied: bool = False


NOT_YET = Reached()


@dataclass(frozen=True, slots=True)
class StepShown:
    """One of the four steps, as staff and the public read it."""

    key: str
    staff: str
    public: str
    filled: Filled
    at: datetime | None = None


def steps_shown(
    case: Case, item: Item, *, intake: Tier, township: Reached = NOT_YET, county: Reached = NOT_YET
) -> tuple[StepShown, ...]:
    """Return the steps of ``case``; where the township decides the county step is left out.

    ``township`` and ``county`` come from those nodes' signed receipts for the intake node's own entries.
    """
    steps = [StepShown("stored", "已存站内", "村里收了", Filled.DONE, case.submitted_at)]
    if intake is Tier.VILLAGE and item.decides is not Tier.VILLAGE:
        steps.append(_township(item, township, county))
    if item.decides is Tier.COUNTY:
        filled = Filled.DONE if county.held_at else Filled.OPEN
        public = "开始办" if case.accepted_on else "送到了"
        steps.append(StepShown("county", "县里已取到", public, filled, county.held_at))
    steps.append(_result(case))
    return tuple(steps)


def archived_steps(case: Case) -> tuple[StepShown, ...]:
    """Return what a purged case still shows: it was stored, and how it ended; the receipts are past."""
    return StepShown("stored", "已存站内", "村里收了", Filled.DONE), _result(case)


def _township(item: Item, township: Reached, county: Reached) -> StepShown:
    if township.held_at is None and county.held_at is not None:
        return StepShown("township", "未经乡镇", "送到了", Filled.UNUSED)
    carried = township.held_at is not None and Tier.TOWNSHIP not in item.route
    staff = "已送到乡镇（未拆封）" if carried else "已送到乡镇"
    filled = Filled.DONE if township.held_at else Filled.OPEN
    return StepShown("township", staff, "送到了", filled, township.held_at)


def _result(case: Case) -> StepShown:
    words = result_words(case)
    if not words:
        return StepShown("result", "有结果了", "有结果", Filled.OPEN)
    at = next((step.at for step in case.steps if step.kind in _RESULTS), None)
    result = Sentence(words)
    staff, public = Sentence("有结果了：{result}", result=result), Sentence("有结果：{result}", result=result)
    return StepShown("result", staff, public, Filled.DONE, at)


_RESULTS = frozenset(
    {"decided", "refused_to_accept", "withdrawn", "terminated", "lapsed", "revoked", "joined"}
)
_ENDS: dict[State, str] = {
    State.REFUSED_TO_ACCEPT: "不予受理",
    State.WITHDRAWN: "已撤回",
    State.TERMINATED: "已终止",
    State.LAPSED: "逾期未补正",
    State.REVOKED: "已撤销",
    State.JOINED: "已并入另一件",
}


def result_words(case: Case) -> str:
    """Return the result in a word, 准予 / 不予 / 撤回…, or nothing while there is none."""
    if case.state in _ENDS:
        return _ENDS[case.state]
    if case.decision is None:
        return ""
    return "准予" if case.decision.outcome is Outcome.GRANTED else "不予"


_NEXT: dict[State, str] = {
    State.SUBMITTED: "材料正在存入",
    State.RECEIVED: "收到不等于受理。办理单位会看材料，缺什么会一次告诉您",
    State.IN_CORRECTION: "还缺材料，请按一次性告知书补齐后交回收件的地方",
    State.REFUSED_TO_ACCEPT: "这件事没有被受理，原因和该找谁写在不予受理通知书上",
    State.ACCEPTED: "开始办了，办理单位正在审核",
    State.UNDER_REVIEW: "正在审核，之后作决定",
    State.SUSPENDED: "正在进行特别程序，这段时间不计入办理时限",
    State.DECIDED: "已经作出决定，正在制作文书",
    State.PAPER_MADE: "文书已经做好，请到收件的地方领取",
    State.DELIVERED: "结果已经交给您，正在办结",
    State.CLOSED: "已经办结",
    State.WITHDRAWN: "申请已按您的要求撤回，材料可以取回",
    State.TERMINATED: "办理已终止，原因见书面说明",
    State.LAPSED: "没有在期限内补正，申请已结束，材料可以取回，以后可以再申请",
    State.REVOKED: "决定已被撤销，原因见书面说明",
    State.JOINED: "这件和另一件是同一件事，按另一件办理，两个收件号都能查",
}


def next_sentence(case: Case, clocks: CaseClocks) -> Sentence:
    """Return what happens next and by when, in one sentence."""
    what, due = Sentence(_NEXT[case.state]), clocks.next_due
    if due is None:
        return Sentence("{what}。", what=what)
    return Sentence("{what}，最晚{due}。", what=what, due=due_text(due))
