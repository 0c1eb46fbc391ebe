"""Codes of the national exchange."""

from datetime import date

import pytest

from common.domain.credit_code import CreditCode
from common.domain.item_codes import (
    AuthorityLevel,
    BasicCode,
    ImplementationCode,
    ItemCodeError,
    NationalCaseNumber,
    NationalKind,
    SubItemCode,
    parse,
)

IMPLEMENTATION = "11440232MB2D06811W4000117051000"
CASE = IMPLEMENTATION + "202010200008"


def test_a_basic_code_tells_issuer_kind_main_and_sub():
    code = parse("002014006009")
    assert isinstance(code, BasicCode)
    assert (code.issuer, code.kind, code.main, code.sub) == (
        "00",
        NationalKind.PUBLIC_SERVICE,
        "14006",
        "009",
    )
    assert BasicCode("000117051000").sub is None


def test_penalties_are_not_applied_for():
    refused = {kind.name for kind in NationalKind if not kind.applied_for}
    assert refused == {"PENALTY", "COERCION", "LEVY", "INSPECTION"}


def test_an_implementation_code_tells_body_level_and_basic_code():
    code = parse(IMPLEMENTATION.lower())
    assert isinstance(code, ImplementationCode)
    assert code.body == CreditCode("11440232MB2D06811W")
    assert code.level is AuthorityLevel.COUNTY
    assert code.basic == BasicCode("000117051000")


def test_a_sub_item_code_is_an_implementation_code_and_two_digits():
    code = parse(IMPLEMENTATION + "07")
    assert isinstance(code, SubItemCode)
    assert (code.implementation.text, code.number) == (IMPLEMENTATION, "07")


def test_a_published_case_number_is_read():
    number = parse(CASE)
    assert isinstance(number, NationalCaseNumber)
    assert number.implementation == ImplementationCode(IMPLEMENTATION)
    assert (number.day, number.serial) == (date(2020, 10, 20), "0008")


@pytest.mark.parametrize(
    ("form", "text", "said"),
    [
        (parse, "123", "12、31、33或43位"),
        (parse, "00201400600X", "12位数字"),
        (BasicCode, "0020140060", "12位数字"),
        (parse, "009914006009", "事项类型"),
        (ImplementationCode, "1", "31位"),
        (parse, IMPLEMENTATION.replace("W4", "W7"), "行使层级"),
        (parse, IMPLEMENTATION.replace("W4", "X4"), "统一社会信用代码"),
        (parse, IMPLEMENTATION[:-1] + "X", "12位数字"),
        (parse, IMPLEMENTATION + "0X", "最后两位"),
        (SubItemCode, IMPLEMENTATION, "33位"),
        (NationalCaseNumber, IMPLEMENTATION, "43位"),
        (parse, CASE[:-1] + "X", "43位"),
        (parse, IMPLEMENTATION + "202013200008", "真实的日期"),
    ],
)
def test_each_fault_has_its_own_sentence(form, text, said):
    with pytest.raises(ItemCodeError) as caught:
        form(text)
    assert said in caught.value.sentence
