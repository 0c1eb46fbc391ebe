"""Who may do what to a case: roles open a door, dated grants give power over items (design §5)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.domain.sentence import Sentence
from common.domain.spoken_error import SpokenError


class Role(StrEnum):
    """What an account is for; one person may hold several."""

    HELPER = "helper"
    CLERK = "clerk"
    REVIEWER = "reviewer"
    CHIEF = "chief"
    CATALOGUE = "catalogue"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


ROLE_NAMES: dict[Role, str] = {
    Role.HELPER: "帮办代办员",
    Role.CLERK: "窗口人员",
    Role.REVIEWER: "审核人员",
    Role.CHIEF: "首席事务代表",
    Role.CATALOGUE: "事项管理员",
    Role.SUPERVISOR: "监察员",
    Role.ADMINISTRATOR: "系统管理员",
}


class Power(StrEnum):
    """What an account may do; the last five need a grant for the item as well."""

    TAKE_IN = "take_in"
    HAND_OUT = "hand_out"
    SEE_CASES = "see_cases"
    KEEP_CATALOGUE = "keep_catalogue"
    KEEP_NODES = "keep_nodes"
    KEEP_GRANTS = "keep_grants"
    KEEP_ACCOUNTS = "keep_accounts"
    ERASE = "erase"
    ACCEPT = "accept"
    FIRST_REVIEW = "first_review"
    REVIEW = "review"
    DECIDE = "decide"
    ISSUE = "issue"


POWER_NAMES: dict[Power, str] = {
    Power.TAKE_IN: "收件",
    Power.HAND_OUT: "交付结果",
    Power.SEE_CASES: "查看办件",
    Power.KEEP_CATALOGUE: "管理事项",
    Power.KEEP_NODES: "管理站点",
    Power.KEEP_GRANTS: "管理授权",
    Power.KEEP_ACCOUNTS: "管理账号",
    Power.ERASE: "删除个人信息",
    Power.ACCEPT: "受理",
    Power.FIRST_REVIEW: "初审",
    Power.REVIEW: "审核",
    Power.DECIDE: "决定",
    Power.ISSUE: "出件",
}

GRANTED = frozenset({Power.ACCEPT, Power.FIRST_REVIEW, Power.REVIEW, Power.DECIDE, Power.ISSUE})
"""Powers over a case's course: a role alone is not enough."""

ROLE_POWERS: dict[Role, frozenset[Power]] = {
    Role.HELPER: frozenset({Power.TAKE_IN, Power.HAND_OUT, Power.SEE_CASES}),
    Role.CLERK: frozenset(
        {
            Power.TAKE_IN,
            Power.HAND_OUT,
            Power.SEE_CASES,
            Power.ACCEPT,
            Power.FIRST_REVIEW,
            Power.ISSUE,
        }
    ),
    Role.REVIEWER: frozenset({Power.SEE_CASES, Power.ACCEPT, Power.FIRST_REVIEW, Power.REVIEW}),
    Role.CHIEF: frozenset({Power.SEE_CASES, *GRANTED}),
    Role.CATALOGUE: frozenset({Power.KEEP_CATALOGUE}),
    Role.SUPERVISOR: frozenset({Power.SEE_CASES, Power.ERASE}),
    Role.ADMINISTRATOR: frozenset({Power.KEEP_NODES, Power.KEEP_GRANTS, Power.KEEP_ACCOUNTS, Power.ERASE}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A dated grant as its node knows it; ``until`` is the first day it no longer holds."""

    grant: str
    node: str
    login: str
    name: str
    post: str
    powers: tuple[Power, ...]
    items: tuple[str, ...]
    since: date
    until: date | None = None

    def covers(self, power: Power, item: str, day: date) -> bool:
        """Whether the grant gives ``power`` over ``item`` on ``day``."""
        in_force = self.since <= day and (self.until is None or day < self.until)
        return in_force and power in self.powers and ("*" in self.items or item in self.items)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody signed in on this node.

    Attributes:
        login: the account; ``name`` is what papers show.
        grants: every grant this account holds, in force or not.
    """

    login: str
    name: str
    roles: frozenset[Role]
    grants: tuple[Grant, ...] = ()

    @property
    def powers(self) -> frozenset[Power]:
        """Everything the roles open, before grants are asked."""
        return frozenset[Power]().union(*(ROLE_POWERS[role] for role in self.roles))


class NotAllowedError(SpokenError):
    """The actor may not do this; :attr:`sentence` tells a person who can."""

    def __init__(self, sentence: str) -> None:
        """Keep the sentence for people; the message for logs names no one."""
        super().__init__("the account lacks the power or a grant in force", sentence)


def authorise(
    actor: Actor, power: Power, item: str, day: date, known: tuple[Grant, ...] = ()
) -> Grant | None:
    """Return the grant under which ``actor`` may use ``power`` on ``item`` (None where roles suffice).

    ``known`` are the grants of others on this node, to name who can.

    Raises:
        NotAllowedError: neither role nor grant allows it.
    """
    if power not in actor.powers:
        raise NotAllowedError(_refusal(power, item, day, known))
    if power not in GRANTED:
        return None
    for grant in actor.grants:
        if grant.covers(power, item, day):
            return grant
    raise NotAllowedError(_refusal(power, item, day, known))


def _refusal(power: Power, item: str, day: date, known: tuple[Grant, ...]) -> Sentence:
    able = tuple(
        Sentence("{name}（{note}）", name=grant.name, note=grant.post)
        for grant in known
        if grant.covers(power, item, day)
    )
    what = Sentence(POWER_NAMES[power])
    if able:
        return Sentence("您的账号不能办理“{what}”，请找：{able}。", what=what, able=able)
    if power in GRANTED:
        return Sentence(
            "您的账号不能办理“{what}”，本站点也没有人获得此事项的授权，请联系县政务服务办。", what=what
        )
    return Sentence("您的账号不能办理“{what}”，请找本站点的管理员。", what=what)
