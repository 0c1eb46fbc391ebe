"""Phone numbers of the mainland; a villager may have none."""

import re
from dataclasses import dataclass

from common.domain.masking import mask_phone
from common.domain.spoken_error import SpokenError
from common.domain.typed_text import plain

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(010|02[0-9])-[2-8][0-9]{7}|0[3-9][0-9]{2}-[2-8][0-9]{6,7}")
_COUNTRY = re.compile(r"(?:\+86|0086|86(?=1[0-9]{10}$))")
_NO_AREA = re.compile(r"[2-8][0-9]{6,7}")
_AREA = re.compile(r"010|02[0-9]|0[3-9][0-9]{2}")


class PhoneNumberError(SpokenError):
    """The text is no mainland mobile or landline number."""


@dataclass(frozen=True, slots=True, repr=False)
class PhoneNumber:
    """A mobile number of 11 digits, or a landline as area code, dash, 7 or 8 digits.

    Attributes:
        text: ``13812345678`` or ``0312-5551234``.

    Raises:
        PhoneNumberError: the text has neither form.
    """

    text: str

    def __post_init__(self) -> None:
        if _NO_AREA.fullmatch(self.text):
            raise PhoneNumberError("phone: no area code", "座机号码前面要加区号，例如0312-5551234。")
        if not _MOBILE.fullmatch(self.text) and not _LANDLINE.fullmatch(self.text):
            raise PhoneNumberError(
                "phone: neither mobile nor landline",
                "电话号码不对：手机应为11位，座机应为区号加7到8位号码。没有电话可以不填。",
            )

    def __repr__(self) -> str:
        """Show the masked form only."""
        return f"PhoneNumber({self.masked})"

    @property
    def is_mobile(self) -> bool:
        """Whether messages can reach it."""
        return not self.text.startswith("0")

    @property
    def masked(self) -> str:
        """The number with its middle hidden."""
        return mask_phone(self.text)


def parse(typed: str) -> PhoneNumber | None:
    """Read a phone number as people type it; nothing typed is no phone, which is allowed.

    Args:
        typed: blanks, full-width digits, dashes, brackets and ``+86`` are taken.

    Returns:
        The number, or None when nothing was typed.

    Anything else ends in PhoneNumberError with a Chinese ``sentence``.
    """
    digits = re.sub(r"[-()]", "", plain(typed))
    if not digits:
        return None
    digits = _COUNTRY.sub("", digits, count=1) if _COUNTRY.match(digits) else digits
    area = _AREA.match(digits)
    return PhoneNumber(f"{area.group()}-{digits[area.end() :]}" if area else digits)
