"""The check before anyone queues: everything at once, whole sentences, never the person's data."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from common.domain.application import Agent, FileRef, MaterialGiven, Person
from common.domain.findings import blocking, check, missing_materials
from common.domain.item import Item, Material, Necessity
from common.domain.node import Tier
from tests.builders.cases import APPLICANT, application

DAY = date(2026, 11, 16)
ITEM = Item(
    "sample-01",
    "困难残疾人生活补贴",
    (Tier.VILLAGE, Tier.TOWNSHIP, Tier.COUNTY),
    materials=(
        Material("m1", "残疾人证"),
        Material("m2", "户口簿"),
        Material("m3", "低保证", Necessity.OPTIONAL),
    ),
)
GIVEN = (MaterialGiven("m1", copies=1), MaterialGiven("m2", files=(FileRef("aa", 3, "bb", "image/jpeg"),)))


def fields(**changes: object) -> list[str]:
    return [found.field for found in check(application(**({"materials": GIVEN} | changes)), ITEM, DAY)]


def test_a_complete_application_has_nothing_to_find() -> None:
    assert fields() == []


def test_everything_wrong_is_told_at_once() -> None:
    person = Person("", "11010519491231002", "12", address="长" * 501)
    agent = Agent(Person("李\n四", "110105194912310029"))
    assert fields(
        applicant=person, agent=agent, answers={"why": "因" * 501}, materials=(MaterialGiven("m9"),)
    ) == [
        "applicant.name",
        "applicant.identity",
        "applicant.phone",
        "applicant.address",
        "agent.name",
        "agent.identity",
        "agent.relation",
        "answers.why",
        "m9",
        "m1",
        "m2",
    ]


def test_what_is_missing_does_not_block_because_who_insists_hands_in() -> None:
    found = check(application(), ITEM, DAY)
    assert [finding.field for finding in found] == ["m1", "m2"]
    assert blocking(found) == ()
    assert missing_materials(application(), ITEM) == ("m1", "m2")


def test_too_many_pictures_of_one_material_are_refused() -> None:
    many = MaterialGiven("m1", files=(FileRef("aa", 3, "bb", "image/jpeg"),) * 41)
    assert fields(materials=(many, GIVEN[1])) == ["m1"]


@given(st.text(max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_no_sentence_repeats_what_was_typed(name: str, identity: str, phone: str) -> None:
    found = check(application(applicant=Person(name, identity, phone)), ITEM, DAY)
    for finding in found:
        assert finding.sentence.endswith("。")
        assert len(identity) < 4 or identity not in finding.sentence


def test_a_phone_is_optional() -> None:
    assert fields(applicant=Person(APPLICANT.name, APPLICANT.identity)) == []
