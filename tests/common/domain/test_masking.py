"""What others may see of a name or number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.masking import mask_identity, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小芳", "王*芳"),
        ("王芳", "王*"),
        (" 王芳 ", "王*"),
        ("欧阳小芳", "欧阳**"),
        ("欧阳芳", "欧阳*"),
        ("欧阳", "欧*"),
        ("张王小明", "张**明"),
        ("𬱖小明", "𬱖*明"),
        ("葛\U000e0100小明", "葛\U000e0100*明"),
        ("阿卜杜拉·买买提", "阿**"),
        ("阿·明", "阿**"),
        ("Mary Smith", "M**"),
        ("王", "*"),
        ("", ""),
    ],
)
def test_a_name_keeps_only_what_the_form_allows(name, masked):
    assert mask_name(name) == masked


@given(st.text(st.characters(categories=["Lo"]), min_size=1, max_size=12))
def test_a_masked_name_never_is_the_name(name):
    assert mask_name(name) != name
    assert "*" in mask_name(name)


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("0312-5551234", "0312-*****34"),
        ("010-55512345", "010-******45"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_phone_keeps_only_its_ends(phone, masked):
    assert mask_phone(phone) == masked


def test_an_identity_number_keeps_four_and_four_and_others_nothing():
    assert mask_identity("130538200001011234") == "1305**********1234"
    assert mask_identity("E12345678") == "*********"
    assert mask_identity("") == ""
