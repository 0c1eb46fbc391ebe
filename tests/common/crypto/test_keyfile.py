import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.crypto.errors import WrongPasswordError
from common.crypto.keyfile import (
    new_recovery_code,
    recovery_password,
    unwrap_with_password,
    wrap_with_password,
)
from common.crypto.spelling import CodeError
from common.crypto.wire import FormatError
from tests.common.crypto.county import CHEAP
from tests.common.crypto.mangling import mangled

SECRET = b"the vault's key, 32 bytes long.."
BLOB = wrap_with_password(SECRET, "石榴花开", CHEAP)


def test_a_secret_comes_back_with_its_password_only() -> None:
    assert SECRET not in BLOB
    assert unwrap_with_password(BLOB, "石榴花开") == SECRET
    with pytest.raises(WrongPasswordError):
        unwrap_with_password(BLOB, "石榴花落")


def test_the_production_cost_is_stored_with_the_blob() -> None:
    blob = wrap_with_password(SECRET, "x")
    assert blob[4:9] == b"\x80\x80\x04\x03\x04"  # 65,536 KiB, 3 passes, 4 lanes
    assert unwrap_with_password(blob, "x") == SECRET


def test_a_recovery_code_opens_a_wrap_of_its_own() -> None:
    code = new_recovery_code()
    blob = wrap_with_password(SECRET, recovery_password(code), CHEAP)
    assert unwrap_with_password(blob, recovery_password(f" {code.lower().replace('-', '')} ")) == SECRET
    with pytest.raises(CodeError):
        recovery_password("石榴花开")


@pytest.mark.parametrize(
    "head", [b"JJX1\x08\x01\x01", b"JJK1\x07\x01\x01", b"JJK1\x08\x11\x01", b"JJK1\xff\xff\xff\x7f\x01\x01"]
)
def test_a_file_that_asks_for_too_much_is_refused_unread(head: bytes) -> None:
    with pytest.raises(FormatError):
        unwrap_with_password(head + BLOB[7:], "石榴花开")


@given(st.binary(max_size=100) | mangled(BLOB[7:]).map(lambda tail: BLOB[:7] + tail))
@settings(max_examples=80)
def test_no_bytes_raise_anything_but_their_own_errors(data: bytes) -> None:
    try:
        assert unwrap_with_password(data, "石榴花开") == SECRET
    except (FormatError, WrongPasswordError):
        return


def test_a_secret_has_a_greatest_length() -> None:
    with pytest.raises(ValueError, match="at most"):
        wrap_with_password(bytes(65_537), "x", CHEAP)
