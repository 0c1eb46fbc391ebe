"""Our own receipt number 收件号 and the query code printed beside it."""

from dataclasses import dataclass

from common.domain.spoken_error import SpokenError
from common.domain.typed_text import all_digits, plain

LENGTH = 12
MAX_NODE = 9999
MAX_YEAR = 99
MAX_SERIAL = 99999
QUERY_CODE_LENGTH = 6
MIN_RANDOM_BYTES = 8


class ReceiptNumberError(SpokenError):
    """The text or the parts are no receipt number."""


@dataclass(frozen=True, slots=True, order=True)
class ReceiptNumber:
    """Twelve digits: node 4, year 2, serial 5, check 1, said in groups as ``0417-26-00458-2``.

    Visibly different from the national 43-digit case number, which is never minted here.

    Attributes:
        node: 1 to 9999, the number part of the node id.
        year: 0 to 99, the last two digits of the year of receipt.
        serial: 0 to 99999, counted by the node within the year.

    Raises:
        ReceiptNumberError: a part is outside its range.
    """

    node: int
    year: int
    serial: int

    def __post_init__(self) -> None:
        if not (1 <= self.node <= MAX_NODE and 0 <= self.year <= MAX_YEAR and 0 <= self.serial <= MAX_SERIAL):
            raise ReceiptNumberError(
                "receipt number: part out of range",
                "收件号里的站点、年份或流水号不对，请对照收件凭证再看一遍。",
            )

    def __str__(self) -> str:
        """The number as it is printed and said: four groups with dashes."""
        body = self._body()
        return f"{body[:4]}-{body[4:6]}-{body[6:]}-{check_digit(body)}"

    @property
    def digits(self) -> str:
        """The twelve digits without dashes."""
        body = self._body()
        return body + check_digit(body)

    def _body(self) -> str:
        return f"{self.node:04d}{self.year:02d}{self.serial:05d}"


def parse(typed: str) -> ReceiptNumber:
    """Read a receipt number as people type it: blanks, full-width digits and missing dashes are taken.

    Raises:
        ReceiptNumberError: with a Chinese ``sentence``.
    """
    text = plain(typed).replace("-", "")
    if not text:
        raise ReceiptNumberError("receipt number: empty", "还没有填收件号，请填写收件凭证上的12位数字。")
    if not all_digits(text):
        raise ReceiptNumberError("receipt number: not digits", "收件号只有数字，请对照收件凭证再看一遍。")
    if len(text) != LENGTH:
        raise ReceiptNumberError(
            f"receipt number: {len(text)} digits",
            "收件号应为12位数字，现在是{n}位，请对照收件凭证再看一遍。",
            n=len(text),
        )
    if text[-1] != check_digit(text[:-1]):
        raise ReceiptNumberError(
            "receipt number: check digit does not match",
            "收件号的最后一位对不上，可能有一位抄错了，请对照收件凭证再看一遍。",
        )
    return ReceiptNumber(int(text[:4]), int(text[4:6]), int(text[6:11]))


def check_digit(digits: str) -> str:
    """Return the check digit (ISO 7064 MOD 11,10): finds every wrong digit and nearly every swap of two."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def query_code(random: bytes) -> str:
    """Return the 6-digit query code that is printed once beside the receipt number.

    Args:
        random: at least 8 bytes from the system's random source (so that no code is likelier than another
            by more than one part in ten million million).

    Raises:
        ValueError: too few bytes.
    """
    if len(random) < MIN_RANDOM_BYTES:
        message = f"a query code needs {MIN_RANDOM_BYTES} random bytes, got {len(random)}"
        raise ValueError(message)
    return f"{int.from_bytes(random, 'big') % 10**QUERY_CODE_LENGTH:0{QUERY_CODE_LENGTH}d}"


def grouped(digits: str) -> str:
    """Return a number as it is said, in groups; text that is no receipt number stays as it came."""
    try:
        return str(parse(digits))
    except ReceiptNumberError:
        return digits[:16]
