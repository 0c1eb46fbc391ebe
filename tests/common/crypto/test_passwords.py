import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.crypto.passwords import STANDARD, PasswordCheck, PasswordCost, check_password, hash_password
from common.crypto.wire import FormatError
from tests.common.crypto.county import CHEAP

STORED = hash_password("石榴花开", CHEAP)


def test_a_password_is_right_or_wrong() -> None:
    assert check_password(STORED, "石榴花开", CHEAP) == PasswordCheck(right=True, rehash=False)
    assert check_password(STORED, "石榴花落", CHEAP) == PasswordCheck(right=False, rehash=False)


def test_the_same_password_is_never_hashed_the_same_way_twice() -> None:
    assert hash_password("x", CHEAP) != hash_password("x", CHEAP)


def test_full_width_letters_of_an_input_method_do_not_matter() -> None:
    assert check_password(hash_password("Ａbc１", CHEAP), "Abc1", CHEAP).right


def test_a_hash_of_another_cost_is_right_and_to_be_made_again() -> None:
    dearer = PasswordCost(memory_kib=16, passes=1, lanes=1)
    assert check_password(STORED, "石榴花开", dearer) == PasswordCheck(right=True, rehash=True)
    assert check_password(STORED, "x", dearer) == PasswordCheck(right=False, rehash=False)


def test_an_unknown_login_is_checked_like_a_known_one_and_is_wrong() -> None:
    assert check_password(None, "石榴花开", CHEAP) == PasswordCheck(right=False, rehash=False)


def test_a_password_has_a_greatest_length() -> None:
    longest = "a" * 1024
    with pytest.raises(ValueError, match="1,024"):
        hash_password(longest + "a", CHEAP)
    assert not check_password(hash_password(longest, CHEAP), longest + "a", CHEAP).right


def test_the_standard_cost_is_the_second_of_rfc_9106() -> None:
    assert PasswordCost(memory_kib=64 * 1024, passes=3, lanes=4) == STANDARD
    assert check_password(hash_password("x"), "x").right


@pytest.mark.parametrize(
    ("memory", "passes", "lanes"),
    [(7, 1, 1), (262_145, 1, 1), (8, 0, 1), (8, 17, 1), (8, 1, 0), (512, 1, 17), (8, 1, 2)],
)
def test_a_cost_out_of_bounds_cannot_be_built(memory: int, passes: int, lanes: int) -> None:
    with pytest.raises(ValueError, match="argon2id"):
        PasswordCost(memory, passes, lanes)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "x",
        STORED.replace("argon2id", "argon2i"),
        STORED.replace("m=8,", "m=9999999,"),
        STORED[:-3] + "!!!",
        STORED[:-3] + "石榴花",
        STORED.replace("v=19", "v=99"),
    ],
    ids=["empty", "short", "kind", "memory", "base64", "not ASCII", "version"],
)
def test_a_stored_text_that_is_no_hash_is_said_so(stored: str) -> None:
    with pytest.raises(FormatError):
        check_password(stored, "石榴花开", CHEAP)


@given(st.text(max_size=30), st.text(alphabet=st.characters(), max_size=10))
@settings(max_examples=40)
def test_no_text_raises_anything_but_format_error(stored: str, password: str) -> None:
    with pytest.raises(FormatError):
        check_password(stored, password, CHEAP)


def test_half_a_surrogate_pair_is_a_wrong_password() -> None:
    assert not check_password(STORED, "\ud800", CHEAP).right
