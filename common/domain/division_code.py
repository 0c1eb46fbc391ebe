"""Division codes: 6 digits of GB/T 2260, then 3 for the township and 3 for the village."""

from dataclasses import dataclass
from enum import StrEnum

from common.domain.spoken_error import SpokenError
from common.domain.typed_text import all_digits, plain

FULL_LENGTH = 12
_LENGTHS = (6, 9, FULL_LENGTH)
_COUNTY, _TOWNSHIP = 6, 9
_NONE = "000"


class DivisionCodeError(SpokenError):
    """The text is no division code."""


class DivisionLevel(StrEnum):
    """What a division is, from the widest."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True, order=True)
class DivisionCode:
    """A division code in its shortest form, so that two spellings of one place are equal.

    Attributes:
        text: 6 digits (county and wider), 9 (township) or 12 (village), without trailing ``000`` groups.

    Raises:
        DivisionCodeError: another length, other characters, or a group of zeros at the end (use ``parse``).
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) not in _LENGTHS or not all_digits(self.text) or self.text.startswith("0"):
            raise DivisionCodeError(
                "division code: not 6, 9 or 12 digits",
                "区划代码应为6位、9位或12位数字，请对照区划表再看一遍。",
            )
        if _NONE in (self.text[6:9], self.text[9:]):
            raise DivisionCodeError(
                "division code: empty township or village part",
                "区划代码中间缺了乡镇或村的三位，请对照区划表再看一遍。",
            )

    @property
    def level(self) -> DivisionLevel:
        """The level that length and zeros tell."""
        if len(self.text) > _COUNTY:
            return DivisionLevel.TOWNSHIP if len(self.text) == _TOWNSHIP else DivisionLevel.VILLAGE
        if self.text.endswith("0000"):
            return DivisionLevel.PROVINCE
        return DivisionLevel.CITY if self.text.endswith("00") else DivisionLevel.COUNTY

    @property
    def padded(self) -> str:
        """The 12-digit form of statistics and exchange."""
        return self.text.ljust(FULL_LENGTH, "0")

    @property
    def county(self) -> "DivisionCode":
        """The first six digits."""
        return DivisionCode(self.text[:_COUNTY])

    @property
    def township(self) -> "DivisionCode | None":
        """The first nine digits, or None above a township."""
        return DivisionCode(self.text[:_TOWNSHIP]) if len(self.text) > _COUNTY else None

    @property
    def village(self) -> "DivisionCode | None":
        """The whole code, or None above a village."""
        return self if len(self.text) == FULL_LENGTH else None

    def contains(self, other: "DivisionCode") -> bool:
        """Return whether ``other`` is this place or inside it, by digits alone (membership is dated data)."""
        return other.text.startswith(self._own_digits())

    def _own_digits(self) -> str:
        if self.level is DivisionLevel.PROVINCE:
            return self.text[:2]
        return self.text[:4] if self.level is DivisionLevel.CITY else self.text


def parse(typed: str) -> DivisionCode:
    """Read a code of 6, 9 or 12 digits; trailing ``000`` groups are dropped.

    Anything else ends in DivisionCodeError with a Chinese ``sentence``.
    """
    text = plain(typed)
    while len(text) in _LENGTHS[1:] and text.endswith(_NONE):
        text = text[:-3]
    return DivisionCode(text)
