"""The citizen's number of GB 11643: 6 area, 8 birthday, 3 order, 1 check."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.domain.masking import mask_identity
from common.domain.spoken_error import SpokenError
from common.domain.typed_text import all_digits, plain

LENGTH = 18
_OLD_LENGTH = 15
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# GB/T 2260 provinces, then the residence permits of Hong Kong, Macao and Taiwan (81, 82, 83).
_PROVINCES = frozenset(
    map(
        str,
        [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71],
    )
) | {"81", "82", "83"}


class IdentityNumberError(SpokenError):
    """The number cannot be a citizen's number; ``sentence`` says which part and never repeats the number."""


class Sex(StrEnum):
    """Sex as the 17th digit tells it (GB 11643: odd is male)."""

    MALE = "male"
    FEMALE = "female"

    @property
    def chinese(self) -> str:
        """The word on forms: 男 or 女."""
        return "男" if self is Sex.MALE else "女"


@dataclass(frozen=True, slots=True, repr=False)
class IdentityNumber:
    """A citizen's number that passed every check of GB 11643.

    Attributes:
        text: 18 characters, the last ``0``–``9`` or ``X``.

    Raises:
        IdentityNumberError: the text breaks a rule of the standard.
    """

    text: str

    def __post_init__(self) -> None:
        _check_form(self.text)
        _check_birthday(self.text)
        if self.text[-1] != check_character(self.text[:-1]):
            raise IdentityNumberError(
                "identity number: check character does not match",
                "身份证号第18位校验码不对，可能有一位抄错了，请对照身份证再看一遍。",
            )

    def __repr__(self) -> str:
        """Show the masked form only, so that no log ever holds the number."""
        return f"IdentityNumber({self.masked})"

    @property
    def birthday(self) -> date:
        """The day in characters 7–14."""
        return date(int(self.text[6:10]), int(self.text[10:12]), int(self.text[12:14]))

    @property
    def sex(self) -> Sex:
        """Odd 17th digit: male; even: female."""
        return Sex.MALE if int(self.text[16]) % 2 else Sex.FEMALE

    @property
    def masked(self) -> str:
        """The first four and the last four characters, as ``1305**********1234``."""
        return mask_identity(self.text)


def parse(typed: str, *, today: date | None = None) -> IdentityNumber:
    """Read a citizen's number as people type it.

    Args:
        typed: full-width digits, blanks and a small ``x`` are taken.
        today: when given, a birthday after it is refused.

    Returns:
        The checked number.

    Raises:
        IdentityNumberError: with a Chinese ``sentence``.
    """
    number = IdentityNumber(plain(typed))
    if today is not None and number.birthday > today:
        raise IdentityNumberError(
            "identity number: birthday in the future",
            "身份证号第7至14位的出生日期还没有到，请对照身份证再看一遍；如果没有错，请检查电脑日期。",
        )
    return number


def check_character(first17: str) -> str:
    """Return the 18th character for 17 digits (ISO 7064 MOD 11-2, GB 11643)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECKS[total % 11]


def _check_form(text: str) -> None:
    if not text:
        raise IdentityNumberError("identity number: empty", "还没有填身份证号，请填写18位号码。")
    if len(text) == _OLD_LENGTH and all_digits(text):
        raise IdentityNumberError(
            "identity number: 15 digits",
            "这是15位的老身份证号，已经停用，请填写现在身份证上的18位号码。",
        )
    if len(text) != LENGTH:
        raise IdentityNumberError(
            f"identity number: {len(text)} characters",
            "身份证号应为18位，现在是{n}位，请对照身份证补全或删去多余的字。",
            n=len(text),
        )
    if not all_digits(text[:-1]) or text[-1] not in _CHECKS:
        raise IdentityNumberError(
            "identity number: not digits",
            "身份证号前17位只能是数字，最后一位是数字或X，请对照身份证再看一遍。",
        )
    if text[:2] not in _PROVINCES:
        raise IdentityNumberError(
            "identity number: no such province",
            "身份证号开头两位不是省份代码，请对照身份证再看一遍前6位。",
        )


def _check_birthday(text: str) -> None:
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as no_such_day:
        raise IdentityNumberError(
            "identity number: no such birthday",
            "身份证号第7至14位不是真实的出生日期，请对照身份证再看一遍。",
        ) from no_such_day
