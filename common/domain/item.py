"""Items of the catalogue (政务服务事项): what may be asked for, with what, by when, and who decides."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.domain.clocks import DayUnit, Limit
from common.domain.node import Tier
from common.domain.sentence import Sentence


class ItemKind(StrEnum):
    """Kinds that are applied for, with their national code (domain: codes of the exchange)."""

    PERMIT = "01"
    PAYMENT = "05"
    CONFIRMATION = "07"
    REWARD = "08"
    ADJUDICATION = "09"
    OTHER = "10"
    PUBLIC_SERVICE = "20"


KIND_NAMES: dict[ItemKind, str] = {
    ItemKind.PERMIT: "行政许可",
    ItemKind.PAYMENT: "行政给付",
    ItemKind.CONFIRMATION: "行政确认",
    ItemKind.REWARD: "行政奖励",
    ItemKind.ADJUDICATION: "行政裁决",
    ItemKind.OTHER: "其他行政权力",
    ItemKind.PUBLIC_SERVICE: "公共服务",
}


class Necessity(StrEnum):
    """Whether a material must be there (材料必要性)."""

    REQUIRED = "1"
    OPTIONAL = "2"
    MAY_FOLLOW = "3"


class Shows(StrEnum):
    """What a picture of a material shows: how large it must be to be read, and whether it is marked."""

    PAGES = "pages"
    """Forms, proofs, contracts: small print on A4."""
    IDENTITY = "identity"
    """证件: a card or booklet that proves who somebody is; marked 仅供办理×× against other uses."""
    PHOTOGRAPH = "photograph"
    """A face, a house, a place."""


CORRECTION = Limit(5, DayUnit.WORKING)
"""The receiver's time to tell everything missing (行政许可法 32(4))."""
RETENTION_DAYS = 365
"""How long a closed case stays on the disks below the hub where its item does not say: longer than the times
for reconsideration (行政复议法 20: 60 days) and lawsuit (行政诉讼法 46: six months) together."""


@dataclass(frozen=True, slots=True)
class Material:
    """One material of an item (申请材料).

    Attributes:
        code: unique inside the item, as in ``m1``.
        name: what people call it.
        necessity: required, optional, or may follow (容缺后补).
        copies: paper copies, 0 where none is asked for.
        note: where it comes from or how to fill it; empty where the source says nothing.
        shows: what its pictures show.
    """

    code: str
    name: str
    necessity: Necessity = Necessity.REQUIRED
    copies: int = 1
    note: str = ""
    shows: Shows = Shows.PAGES


@dataclass(frozen=True, slots=True)
class Item:
    """One version of one item; published versions never change.

    Attributes:
        code: the county's own code of the item, or the national sub-item code where it is known.
        name: the official name, with the sub-item's name after a dash where there is one.
        route: tiers custody passes through, from intake to the one that decides.
        kind: None where the source does not say.
        statutory: how long the law gives; None where not given.
        promised: how long the county promises; None where not given.
        correction: how long the receiver has to tell what is missing (行政许可法 32(4)).
        deemed_acceptance: whether silence in the correction time means accepted; permits only by law.
        lawful_receiver: whether the village station is a published 收件点 for this item.
        sensitive: never posted, shown on a screen, or read by a township that is not its custodian.
        lease_days: how old hub-signed time may be before the custodian may no longer decide.
        retention_days: calendar days a closed case stays whole at stations and townships, from 1.
        sample: made from a sample row and stamped 样例数据.
    """

    code: str
    name: str
    route: tuple[Tier, ...]
    department: str = ""
    kind: ItemKind | None = None
    legal_basis: str = ""
    handling_mode: str = ""
    levels: str = ""
    statutory: Limit | None = None
    promised: Limit | None = None
    correction: Limit = CORRECTION
    deemed_acceptance: bool = False
    instant: bool = False
    materials: tuple[Material, ...] = ()
    lawful_receiver: bool = False
    sensitive: bool = False
    lease_days: int = 30
    retention_days: int = RETENTION_DAYS
    sample: bool = False
    source: str = ""
    keywords: tuple[str, ...] = ()
    effective_from: date | None = None
    effective_until: date | None = None

    def __post_init__(self) -> None:
        """Refuse an item nobody could take in or decide.

        Raises:
            ValueError: no code, no name, no route, a route that goes back, two materials with one code, or no
                day of retention.
        """
        if not self.code or not self.name:
            message = "an item has a code and a name"
            raise ValueError(message)
        if self.retention_days < 1:
            message = "a closed case stays at least a day"
            raise ValueError(message)
        ranks = [_RANK[tier] for tier in self.route]
        if not ranks or ranks != sorted(set(ranks)):
            message = "an item's route names at least one tier and only goes up"
            raise ValueError(message)
        codes = [material.code for material in self.materials]
        if len(codes) != len(set(codes)):
            message = "two materials of the item share one code"
            raise ValueError(message)

    @property
    def authority(self) -> str:
        """The body that decides; where the source names none, a paper and a page say so."""
        return self.department or Sentence("办理单位（原文未注明）")

    @property
    def decides(self) -> Tier:
        """The tier whose body decides."""
        return self.route[-1]

    def material(self, code: str) -> Material | None:
        """Return the material with ``code``, or None where the item has none such."""
        return next((material for material in self.materials if material.code == code), None)

    def open_on(self, day: date) -> bool:
        """Whether applications are taken on ``day``."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_until is None or day < self.effective_until)


def is_item_code(text: str) -> bool:
    """Whether ``text`` may become an item's code: it stands in files, addresses of pages and commands."""
    return _CODE.fullmatch(text) is not None


_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_RANK = {Tier.VILLAGE: 0, Tier.TOWNSHIP: 1, Tier.COUNTY: 2}
