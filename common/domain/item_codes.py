"""Codes of the national exchange for items and cases: 12, 31, 33 and 43 characters.

The 43-character case number is given by the province's platform: it is read and kept here, never made.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from common.domain.credit_code import CreditCode, CreditCodeError
from common.domain.spoken_error import SpokenError
from common.domain.typed_text import all_digits, plain

BASIC_LENGTH = 12
IMPLEMENTATION_LENGTH = 31
SUB_ITEM_LENGTH = 33
CASE_LENGTH = 43
_CREDIT_LENGTH = 18
_NOT_APPLIED_FOR = frozenset(("02", "03", "04", "06"))


class ItemCodeError(SpokenError):
    """The text is no code of an item or case."""


class NationalKind(StrEnum):
    """Kind of an item: digits 3 and 4 of the basic code."""

    PERMIT = "01"
    PENALTY = "02"
    COERCION = "03"
    LEVY = "04"
    PAYMENT = "05"
    INSPECTION = "06"
    CONFIRMATION = "07"
    REWARD = "08"
    ADJUDICATION = "09"
    OTHER = "10"
    PUBLIC_SERVICE = "20"

    @property
    def applied_for(self) -> bool:
        """Whether people apply for it (penalty, coercion, levy and inspection come from the office)."""
        return self.value not in _NOT_APPLIED_FOR


class AuthorityLevel(IntEnum):
    """Level that exercises the power 行使层级."""

    NATION = 1
    PROVINCE = 2
    CITY = 3
    COUNTY = 4
    TOWNSHIP = 5
    VILLAGE = 6


@dataclass(frozen=True, slots=True)
class BasicCode:
    """Basic code 基本编码: 2 issuer, 2 kind, 5 main, 3 sub (``000`` none), as ``002014006009``.

    Raises:
        ItemCodeError: not 12 digits, or an unknown kind.
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) != BASIC_LENGTH or not all_digits(self.text):
            raise ItemCodeError("basic code: not 12 digits", "基本编码应为12位数字，请对照事项目录再看一遍。")
        if self.text[2:4] not in set(NationalKind):
            raise ItemCodeError(
                "basic code: unknown kind",
                "基本编码第3至4位不是已知的事项类型，请对照事项目录再看一遍。",
            )

    @property
    def issuer(self) -> str:
        """Two digits: ``00`` for the nation, else the province."""
        return self.text[:2]

    @property
    def kind(self) -> NationalKind:
        """The kind of the item."""
        return NationalKind(self.text[2:4])

    @property
    def main(self) -> str:
        """Five digits of the main item."""
        return self.text[4:9]

    @property
    def sub(self) -> str | None:
        """Three digits of the sub-item, or None for ``000``."""
        return None if self.text.endswith("000") else self.text[9:]


@dataclass(frozen=True, slots=True)
class ImplementationCode:
    """Implementation code 实施编码: credit code of the body (18), level (1), basic code (12).

    Raises:
        ItemCodeError: one of the parts is wrong.
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) != IMPLEMENTATION_LENGTH:
            raise ItemCodeError(
                "implementation code: not 31 long", "实施编码应为31位，请对照事项目录再看一遍。"
            )
        if self.text[_CREDIT_LENGTH] not in "123456":
            raise ItemCodeError(
                "implementation code: unknown level", "实施编码第19位行使层级应为1至6，请再看一遍。"
            )
        try:
            CreditCode(self.text[:_CREDIT_LENGTH])
        except CreditCodeError as wrong_body:
            raise ItemCodeError(
                "implementation code: wrong credit code",
                "实施编码前18位不是有效的统一社会信用代码，请对照事项目录再看一遍。",
            ) from wrong_body
        BasicCode(self.text[_CREDIT_LENGTH + 1 :])

    @property
    def body(self) -> CreditCode:
        """The implementing body 实施主体."""
        return CreditCode(self.text[:_CREDIT_LENGTH])

    @property
    def level(self) -> AuthorityLevel:
        """The level that exercises the power."""
        return AuthorityLevel(int(self.text[_CREDIT_LENGTH]))

    @property
    def basic(self) -> BasicCode:
        """The basic code inside."""
        return BasicCode(self.text[_CREDIT_LENGTH + 1 :])


@dataclass(frozen=True, slots=True)
class SubItemCode:
    """Sub-item code 业务办理项编码: implementation code and two digits.

    Raises:
        ItemCodeError: one of the parts is wrong.
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) != SUB_ITEM_LENGTH or not all_digits(self.text[IMPLEMENTATION_LENGTH:]):
            raise ItemCodeError(
                "sub-item code: not 31 + 2 digits",
                "业务办理项编码应为33位，最后两位是数字，请对照事项目录再看一遍。",
            )
        ImplementationCode(self.text[:IMPLEMENTATION_LENGTH])

    @property
    def implementation(self) -> ImplementationCode:
        """The implementation code inside."""
        return ImplementationCode(self.text[:IMPLEMENTATION_LENGTH])

    @property
    def number(self) -> str:
        """The two digits of the sub-item."""
        return self.text[IMPLEMENTATION_LENGTH:]


@dataclass(frozen=True, slots=True)
class NationalCaseNumber:
    """National case number 办件编号: implementation code, YYYYMMDD, 4-digit serial; never minted here.

    Raises:
        ItemCodeError: one of the parts is wrong.
    """

    text: str

    def __post_init__(self) -> None:
        tail = self.text[IMPLEMENTATION_LENGTH:]
        if len(self.text) != CASE_LENGTH or not all_digits(tail):
            raise ItemCodeError(
                "case number: not 31 + 12", "国家办件编号应为43位，后12位是数字，请对照平台再看一遍。"
            )
        ImplementationCode(self.text[:IMPLEMENTATION_LENGTH])
        try:
            _day(tail)
        except ValueError as no_such_day:
            raise ItemCodeError(
                "case number: no such day",
                "国家办件编号第32至39位不是真实的日期，请对照平台再看一遍。",
            ) from no_such_day

    @property
    def implementation(self) -> ImplementationCode:
        """The implementation code inside."""
        return ImplementationCode(self.text[:IMPLEMENTATION_LENGTH])

    @property
    def day(self) -> date:
        """The day the platform numbered the case."""
        return _day(self.text[IMPLEMENTATION_LENGTH:])

    @property
    def serial(self) -> str:
        """The platform's four digits of that day."""
        return self.text[-4:]


ItemCode = BasicCode | ImplementationCode | SubItemCode | NationalCaseNumber
_FORMS: dict[int, type[ItemCode]] = {
    BASIC_LENGTH: BasicCode,
    IMPLEMENTATION_LENGTH: ImplementationCode,
    SUB_ITEM_LENGTH: SubItemCode,
    CASE_LENGTH: NationalCaseNumber,
}


def parse(typed: str) -> ItemCode:
    """Read any of the four codes; its length tells which.

    Raises:
        ItemCodeError: with a Chinese ``sentence``.
    """
    text = plain(typed)
    form = _FORMS.get(len(text))
    if form is None:
        raise ItemCodeError(
            f"item code: {len(text)} characters",
            "编码应为12、31、33或43位，现在是{n}位，请对照事项目录再看一遍。",
            n=len(text),
        )
    return form(text)


def _day(tail: str) -> date:
    return date(int(tail[:4]), int(tail[4:6]), int(tail[6:8]))
