"""今天 and 工作台: what waits for this person, by the next due day."""

from dataclasses import dataclass

from aiohttp import web

from common.casework.desk import Desk
from common.casework.recovering import hold
from common.domain.course import State
from common.domain.grants import Actor, Power
from common.domain.masking import mask_name
from common.domain.node import Tier
from common.domain.receipt_number import grouped
from common.domain.sentence import Sentence
from common.store import drafts, ledger
from common.store.case_rows import CaseRow
from common.store.engine import Tx
from common.store.ledger import LedgerFilter
from common.web.context import context_of, signed_in
from common.web.office import desk_of
from common.web.pages.applying.drafts import application_of
from common.web.pages.desk.words import due_words
from common.web.redirect import see_other
from common.web.rendering import show
from common.web.views.casework import WaitingCase, WaitingGroup, WorkbenchView

_PATH = "/desk"
_MOST = 50


@dataclass(frozen=True, slots=True)
class Pile:
    """Cases of one sort: in some states, in this node's hands or taken in here.

    Attributes:
        powers: one of them is needed to do anything about it.
        ours: True for cases in this node's hands, False for cases it took in.
    """

    word: str
    do: str
    empty: str
    states: tuple[State, ...]
    powers: frozenset[Power]
    ours: bool = True


_TO_HAND_OUT = Pile(
    "待交付",
    "去交付",
    "有结果的办件会出现在这里，等人来领。",
    (State.DECIDED, State.PAPER_MADE),
    frozenset({Power.HAND_OUT}),
    ours=False,
)
_TO_CORRECT = Pile(
    "要补正",
    "去补正",
    "办理单位发了一次性告知书的办件会出现在这里，请通知申请人来补。",
    (State.IN_CORRECTION,),
    frozenset({Power.TAKE_IN}),
    ours=False,
)
_PILES = (
    Pile(
        "待受理",
        "去看材料",
        "新送到的办件会出现在这里，按时限先后排。",
        (State.RECEIVED,),
        frozenset({Power.ACCEPT, Power.FIRST_REVIEW}),
    ),
    Pile(
        "等补正",
        "看补正",
        "发了一次性告知书、等申请人补正的办件会出现在这里。",
        (State.IN_CORRECTION,),
        frozenset({Power.ACCEPT}),
    ),
    Pile(
        "待审核和决定",
        "去办理",
        "受理以后的办件会出现在这里。",
        (State.ACCEPTED, State.UNDER_REVIEW, State.SUSPENDED),
        frozenset({Power.REVIEW, Power.DECIDE}),
    ),
    Pile(
        "待出件",
        "去出件",
        "作出决定、还没有做文书的办件会出现在这里。",
        (State.DECIDED,),
        frozenset({Power.ISSUE}),
    ),
)


async def workbench(request: web.Request) -> web.StreamResponse:
    """Show what waits; who sees no cases goes to the first place that is theirs."""
    actor = signed_in(request)
    if Power.SEE_CASES not in actor.powers:
        return _elsewhere(request, actor)
    desk = desk_of(request)
    village = desk.seat.tier is Tier.VILLAGE
    piles = [pile for pile in (_TO_CORRECT, _TO_HAND_OUT, *_PILES) if _shows(pile, actor, village=village)]
    groups = [await _group(desk, pile) for pile in piles]
    if Power.TAKE_IN in actor.powers:
        groups.append(await _drafts(desk, actor))
    groups.sort(key=lambda group: not group.cases)  # what waits stands above what is empty
    apply = "/desk/apply" if Power.TAKE_IN in actor.powers and desk.seat.tier is not Tier.COUNTY else ""
    recovering = await desk.vault.read(lambda tx: hold(tx, desk)) is not None
    title = "今天" if village else "工作台"
    return show(request, WorkbenchView(title, tuple(groups), apply, recovering=recovering))


def _shows(pile: Pile, actor: Actor, *, village: bool) -> bool:
    """A village decides little: its own piles come only to who may work on them there."""
    return bool(pile.powers & actor.powers) and (not village or not pile.ours or Power.ACCEPT in actor.powers)


async def _group(desk: Desk, pile: Pile) -> WaitingGroup:
    own = str(desk.seat.node)
    wanted = LedgerFilter(
        states=pile.states,
        custodian=own if pile.ours else None,
        intake_nodes=() if pile.ours else (own,),
        open_only=True,
    )
    rows = await desk.vault.read(lambda tx: ledger.soonest(tx, wanted, _MOST))
    return WaitingGroup(pile.word, pile.empty, tuple(_waiting(desk, pile, row) for row in rows))


def _waiting(desk: Desk, pile: Pile, row: CaseRow) -> WaitingCase:
    words, light = due_words(row.due_on, desk.clock.today(), desk.rules.calendar)
    return WaitingCase(
        path=f"/desk/cases/{row.case_id}",
        number=grouped(row.number),
        item=row.title,
        applicant=row.applicant_masked,
        do="看新补正" if "asked" in row.marks and pile.ours else pile.do,
        due=words,
        light=light,
    )


async def _drafts(desk: Desk, actor: Actor) -> WaitingGroup:
    async def work(tx: Tx) -> list[WaitingCase]:
        names = {code: item.name for code, item in desk.rules.in_force(desk.clock.today()).items()}
        return [
            WaitingCase(
                path=f"/desk/apply/{row.id}/who",
                number=Sentence("草稿"),
                item=names.get(row.item, Sentence("这个事项现在不接收申请")),
                applicant=mask_name(application_of(row).applicant.name) or Sentence("还没有填申请人"),
                do="接着填",
            )
            for row in (await drafts.unconfirmed(tx, actor.login))[:_MOST]
        ]

    kept = await desk.vault.read(work)
    return WaitingGroup("待确认", "填到一半的代办申请会出现在这里。", tuple(kept))


def _elsewhere(request: web.Request, actor: Actor) -> web.StreamResponse:
    places = context_of(request).site().places
    theirs = [one.path for one in places if one.power in actor.powers and one.path != _PATH]
    return see_other(theirs[0]) if theirs else show(request, WorkbenchView("工作台", ()))
