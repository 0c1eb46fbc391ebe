import pytest

from common.crypto.errors import CannotOpenError
from common.crypto.letters import LETTER_MAX, addressee, letter_digest, open_letter, seal_letter
from common.crypto.wire import FormatError
from tests.common.crypto.county import HUB_KEYS, VILLAGE_KEYS

MAGIC, BINDING = b"JJT1", bytes(32)
LETTER = seal_letter(MAGIC, HUB_KEYS.sealing.public(), b"hello", BINDING)


def test_a_letter_opens_for_its_addressee_and_binding_only() -> None:
    assert open_letter(MAGIC, HUB_KEYS.sealing, LETTER, BINDING) == b"hello"
    with pytest.raises(CannotOpenError):
        open_letter(MAGIC, VILLAGE_KEYS.sealing, LETTER, BINDING)
    with pytest.raises(CannotOpenError):
        open_letter(MAGIC, HUB_KEYS.sealing, LETTER, b"\1" * 32)


def test_the_kind_of_a_letter_is_sealed_in() -> None:
    with pytest.raises(FormatError):
        open_letter(b"JJX1", HUB_KEYS.sealing, LETTER, BINDING)
    with pytest.raises(CannotOpenError):
        open_letter(b"JJX1", HUB_KEYS.sealing, b"JJX1" + LETTER[4:], BINDING)


def test_a_letter_has_a_largest_size_both_ways() -> None:
    with pytest.raises(ValueError, match="256 KiB"):
        seal_letter(MAGIC, HUB_KEYS.sealing.public(), bytes(LETTER_MAX), BINDING)
    with pytest.raises(FormatError):
        open_letter(MAGIC, HUB_KEYS.sealing, LETTER + bytes(LETTER_MAX), BINDING)


def test_a_carrier_sees_the_addressee_and_can_name_the_letter() -> None:
    assert addressee(LETTER) == HUB_KEYS.sealing.key_id()
    assert letter_digest(LETTER) != letter_digest(LETTER + b"\0")
    with pytest.raises(FormatError):
        addressee(LETTER[:11])
