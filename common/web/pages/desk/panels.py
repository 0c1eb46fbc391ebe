"""What may be done to a case now: by its course, by who has it in hand, by the account."""

from collections.abc import Callable
from dataclasses import dataclass

from common.domain.bodies.requests import Corrected, WithdrawalAsked
from common.domain.case import Case
from common.domain.course import State, possible
from common.domain.grants import NotAllowedError, Power, authorise
from common.domain.sentence import Sentence
from common.web.pages.desk.opened import Opened
from common.web.pages.whereabouts import missing_now
from common.web.views.casework import Panel
from common.web.views.form import EMPTY, Choice, Form


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed on a case.

    Attributes:
        power: what the account needs for the item.
        field: the form's field an error is shown by.
        now: whether course, custody and place allow it now.
        done: what the page says afterwards.
        rare: as the panel's.
    """

    key: str
    word: str
    power: Power
    field: str
    now: Callable[[Opened], bool]
    done: str
    rare: bool = False


def _can(kind: str) -> Callable[[Opened], bool]:
    return lambda seen: seen.here and kind in possible(seen.standing.case.state)


def _may_review(seen: Opened) -> bool:
    """Below the deciding tier a first review hands on; at it, a review gives an opinion."""
    kind = "reviewed" if _decides_here(seen) else "first_reviewed"
    return _can(kind)(seen)


def _may_decide(seen: Opened) -> bool:
    return _decides_here(seen) and _can("decided")(seen)


def _decides_here(seen: Opened) -> bool:
    return seen.standing.item.decides is seen.desk.seat.tier


def _has_correction(seen: Opened) -> bool:
    return _can("correction_taken")(seen) and _asked(seen, Corrected)


def _asked(seen: Opened, kind: type) -> bool:
    return any(isinstance(one.body, kind) for one in seen.standing.case.open_requests.values())


def _may_ask_withdrawal(seen: Opened) -> bool:
    """After a decision too: the request then meets it and is refused with that reason. Not without one."""
    case = seen.standing.case
    open_still = not case.over and case.refusal is None
    return seen.at_intake and open_still and not _asked(seen, WithdrawalAsked)


def _may_grant_withdrawal(seen: Opened) -> bool:
    return _can("withdrawn")(seen) and _asked(seen, WithdrawalAsked)


def _may_refuse_withdrawal(seen: Opened) -> bool:
    return seen.here and not seen.standing.case.over and _asked(seen, WithdrawalAsked)


def _may_tell(seen: Opened) -> bool:
    what = to_tell(seen.standing.case)
    return seen.at_intake and bool(what) and what not in seen.standing.case.told


def to_tell(case: Case) -> str:
    """Return what the applicant has to be told now, as the record names it; empty where nothing."""
    return {
        State.IN_CORRECTION: "notice",
        State.REFUSED_TO_ACCEPT: "refusal",
        State.ACCEPTED: "acceptance",
    }.get(case.state, "")


def _may_correct(seen: Opened) -> bool:
    return seen.standing.case.state is State.IN_CORRECTION


def _may_issue(seen: Opened) -> bool:
    return seen.here and seen.standing.case.state is State.DECIDED


def _may_hand_out(seen: Opened) -> bool:
    case = seen.standing.case
    ready = case.state in {State.DECIDED, State.PAPER_MADE} and case.handed_out is None
    return ready and seen.at_intake


DEEDS: dict[str, Deed] = {
    deed.key: deed
    for deed in (
        Deed(
            "tell",
            "告知申请人",
            Power.HAND_OUT,
            "how",
            _may_tell,
            "已登记告知，时间从今天记起。",
        ),
        Deed(
            "grant_withdrawal",
            "同意撤回",
            Power.ACCEPT,
            "grant",
            _may_grant_withdrawal,
            "已同意撤回，办件到此结束。",
        ),
        Deed(
            "hand_out",
            "交付结果",
            Power.HAND_OUT,
            "to",
            _may_hand_out,
            "已登记交付，办理单位的程序会记下送达和办结。",
        ),
        Deed(
            "correct",
            "补正材料",
            Power.TAKE_IN,
            "note",
            _may_correct,
            "补正材料已存好，会送到办理单位。",
        ),
        Deed(
            "take_correction", "收齐补正", Power.ACCEPT, "note", _has_correction, "补正已收齐，可以继续办。"
        ),
        Deed(
            "accept", "受理", Power.ACCEPT, "accept", _can("accepted"), "已受理。受理通知书在“文书”里打印。"
        ),
        Deed(
            "notice",
            "一次性告知",
            Power.ACCEPT,
            "missing",
            _can("notice_given"),
            "一次性告知书已生成，会送回收件的站点。",
        ),
        Deed(
            "refuse",
            "不予受理",
            Power.ACCEPT,
            "reason",
            _can("refused_to_accept"),
            "已写明不予受理和该找的单位。",
        ),
        Deed("review", "审核", Power.FIRST_REVIEW, "opinion", _may_review, "审核意见已写入。"),
        Deed("decide", "决定", Power.DECIDE, "reason", _may_decide, "决定已作出，接着制作决定书。"),
        Deed(
            "refuse_withdrawal",
            "不予撤回",
            Power.ACCEPT,
            "reason",
            _may_refuse_withdrawal,
            "已写明不予撤回的理由。",
        ),
        Deed(
            "ask_withdrawal",
            "申请撤回",
            Power.TAKE_IN,
            "reason",
            _may_ask_withdrawal,
            "撤回申请已存好，会送到办理单位，等对方答复。",
            rare=True,
        ),
        Deed("issue", "制作决定书", Power.ISSUE, "issue", _may_issue, "决定书已做好，会随办件送回站点。"),
    )
}


_TO_TELL = {
    "notice": "要告诉申请人：还缺哪些材料（见一次性告知书）。",
    "refusal": "要告诉申请人：没有受理，为什么，该找哪个单位。",
    "acceptance": "要告诉申请人：已经受理，开始办了。",
}


def panels(seen: Opened, tried: str = "", form: Form = EMPTY) -> tuple[Panel, ...]:
    """Return the deeds the course allows now; one refusal stands for all deeds of the same power.

    Args:
        seen: the case.
        tried: the deed that was refused just now, and with it what was typed and what is wrong.
        form: of that deed.
    """
    if seen.standing.case.stopped:
        return ()
    shown, refused = [], set[Power]()
    for deed in DEEDS.values():
        if not deed.now(seen):
            continue
        refusal = _refusal(seen, deed)
        if refusal and deed.power in refused:
            continue
        if refusal:
            refused.add(deed.power)
        shown.append(_panel(seen, deed, refusal, form if deed.key == tried else EMPTY))
    return tuple(sorted(shown, key=lambda panel: bool(panel.refusal)))


def _refusal(seen: Opened, deed: Deed) -> str:
    today = seen.desk.clock.today()
    try:
        authorise(seen.actor, deed.power, seen.standing.item.code, today, seen.grants)
    except NotAllowedError as error:
        return error.sentence
    return ""


def _panel(seen: Opened, deed: Deed, refusal: str, form: Form) -> Panel:
    choices, note = _choices(seen, deed.key), _note(seen, deed.key)
    return Panel(deed.key, _word(seen, deed), refusal, form, choices, note, rare=deed.rare)


def _word(seen: Opened, deed: Deed) -> str:
    return "初审" if deed.key == "review" and not _decides_here(seen) else deed.word


def _choices(seen: Opened, key: str) -> tuple[Choice, ...]:
    materials = seen.standing.item.materials
    if key == "correct":
        noticed = {thing.code for thing in seen.standing.case.notice}
        materials = tuple(one for one in materials if one.code in noticed) or materials
    return tuple(Choice(one.code, one.name) for one in materials) if key in {"correct", "notice"} else ()


def _note(seen: Opened, key: str) -> str:
    case = seen.standing.case
    lacking = missing_now(case, seen.standing.item)
    if key in {"notice", "accept"} and lacking:
        return Sentence("收件时还缺：{lacking}。", lacking=lacking)
    if key == "correct" and lacking:
        return Sentence("要补的：{lacking}。", lacking=lacking)
    if key == "tell":
        return _TO_TELL[to_tell(case)]
    if key == "refuse_withdrawal" and case.state in {State.DECIDED, State.PAPER_MADE, State.DELIVERED}:
        return "决定已经作出，不能再撤回；请把这个理由写明。"
    if key == "review" and not _decides_here(seen):
        return "提交后，办件移交给上一级继续办理。"
    return ""
