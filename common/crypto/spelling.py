"""Codes people type: Crockford base32 in groups of five, with a checksum (identity.md §6)."""

import unicodedata

from common.crypto.hashing import digest
from common.domain.spoken_error import SpokenError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 5
_BITS = 5
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SEPARATORS = frozenset("-_.·—–‐−ー")
_DIGEST_BITS = 256
TYPED_MAX = 512


class CodeError(SpokenError):
    """A typed code is not one; ``sentence`` says in Chinese what to look at, never what was typed."""


def spell(payload: bytes, characters: int, context: bytes) -> str:
    """Return ``payload`` and a checksum as ``characters`` letters and digits in groups of five.

    The bits left over after the payload hold the start of its digest under ``context``, so that the code of
    one purpose is never taken for another's.
    """
    check_bits = characters * _BITS - len(payload) * 8
    number = (int.from_bytes(payload) << check_bits) | _checksum(payload, context, check_bits)
    letters = [ALPHABET[number >> shift & 31] for shift in range((characters - 1) * _BITS, -1, -_BITS)]
    return "-".join("".join(letters[start : start + GROUP]) for start in range(0, characters, GROUP))


def read(typed: str, size: int, characters: int, context: bytes) -> bytes:
    """Return the ``size`` payload bytes of a typed code, whatever its case, spacing and look-alike letters.

    Raises:
        CodeError: it is too long or short, holds another character, or its checksum does not fit.
    """
    letters = _letters(typed)
    if len(letters) != characters:
        raise CodeError(
            "typed code: wrong length",
            "代码应为{n}个字母和数字，现在是{typed}个，请对照原件补全或去掉多余的字符。",
            n=characters,
            typed=len(letters),
        )
    number = 0
    for letter in letters:
        number = number << _BITS | ALPHABET.index(letter)
    check_bits = characters * _BITS - size * 8
    payload = (number >> check_bits).to_bytes(size)
    if _checksum(payload, context, check_bits) != number & ((1 << check_bits) - 1):
        raise CodeError("typed code: checksum", "代码有字符抄错了，请对照原件逐组核对后重新输入。")
    return payload


def _letters(typed: str) -> str:
    plain = unicodedata.normalize("NFKC", typed[:TYPED_MAX]).upper()
    letters = "".join(letter for letter in plain if not letter.isspace() and letter not in _SEPARATORS)
    letters = letters.translate(_LOOKALIKES)
    for place, letter in enumerate(letters):
        if letter not in ALPHABET:
            group = place // GROUP + 1
            raise CodeError(
                "typed code: foreign character",
                "代码第{group}组有不会出现的字符，代码只用数字和字母（没有字母U），请对照原件核对。",
                group=group,
            )
    return letters


def _checksum(payload: bytes, context: bytes, bits: int) -> int:
    return int.from_bytes(digest(context, payload)) >> (_DIGEST_BITS - bits)
