"""The unified social credit code of GB 32100: 1 authority, 1 class, 6 division, 9 body, 1 check."""

from dataclasses import dataclass

from common.domain.spoken_error import SpokenError
from common.domain.typed_text import all_digits, plain

LENGTH = 18
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


class CreditCodeError(SpokenError):
    """The text is no unified social credit code."""


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A credit code whose check character matches.

    Attributes:
        text: 18 characters of the standard's alphabet (no I, O, S, V, Z).

    Raises:
        CreditCodeError: the text breaks GB 32100.
    """

    text: str

    def __post_init__(self) -> None:
        _check_form(self.text)
        if self.text[-1] != check_character(self.text[:-1]):
            raise CreditCodeError(
                "credit code: check character does not match",
                "统一社会信用代码第18位校验码不对，请对照证照再看一遍。",
            )

    @property
    def division(self) -> str:
        """The 6-digit division code of the registration authority."""
        return self.text[2:8]


def parse(typed: str) -> CreditCode:
    """Read a credit code as people type it (small letters, blanks and full-width forms are taken).

    Anything else ends in CreditCodeError with a Chinese ``sentence``.
    """
    return CreditCode(plain(typed))


def check_character(first17: str) -> str:
    """Return the 18th character for 17 of the alphabet: (31 - sum mod 31) mod 31 (GB 32100)."""
    total = sum(weight * _ALPHABET.index(mark) for weight, mark in zip(_WEIGHTS, first17, strict=True))
    return _ALPHABET[-total % len(_ALPHABET)]


def _check_form(text: str) -> None:
    if len(text) != LENGTH:
        raise CreditCodeError(
            f"credit code: {len(text)} characters",
            "统一社会信用代码应为18位，现在是{n}位，请对照证照再看一遍。",
            n=len(text),
        )
    if any(mark not in _ALPHABET for mark in text):
        raise CreditCodeError(
            "credit code: character outside the alphabet",
            "统一社会信用代码只用数字和大写字母，没有I、O、S、V、Z，请看看是不是1、0、5、2。",
        )
    if not all_digits(text[2:8]):
        raise CreditCodeError(
            "credit code: division is not digits",
            "统一社会信用代码第3至8位应为数字，请对照证照再看一遍。",
        )
