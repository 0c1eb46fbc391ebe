"""Promises of finding an item by what people call it."""

from hypothesis import given
from hypothesis import strategies as st

from common.domain.item import Item
from common.domain.item_search import search, spoken_back
from common.domain.node import Tier


def named(*names: str) -> list[Item]:
    return [Item(f"i{at}", name, (Tier.VILLAGE,)) for at, name in enumerate(names)]


ITEMS = named("困难残疾人生活补贴", "个体工商户营业执照", "高龄老人津贴", "林木采伐许可证核发")


def found(typed: str) -> list[str]:
    return [item.name for item in search(ITEMS, typed)]


def test_a_part_of_the_name_finds_it_first():
    assert found("津贴")[0] == "高龄老人津贴"


def test_a_slip_of_typing_still_finds_it():
    assert found("残疾补帖") == ["困难残疾人生活补贴"]


def test_plain_words_find_official_names():
    assert found("我想开店") == ["个体工商户营业执照"]
    assert found("砍树") == ["林木采伐许可证核发"]


def test_words_that_hurt_are_understood_and_never_repeated():
    assert found("瘸子") == ["困难残疾人生活补贴"]
    assert "瘸" not in spoken_back("瘸子补贴")


def test_nothing_like_it_finds_nothing():
    assert found("火箭") == []
    assert found("  ") == []


@given(st.text(max_size=60))
def test_any_text_is_answered(typed):
    assert len(search(ITEMS, typed)) <= len(ITEMS)
