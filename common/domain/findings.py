"""Checks of an application before anyone queues (自助预审): every finding at once, in whole sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from common.domain import identity_number, phone
from common.domain.application import Application, Person
from common.domain.item import Item, Necessity
from common.domain.sentence import Sentence
from common.domain.spoken_error import SpokenError

LONGEST_NAME = 50
LONGEST_TEXT = 500
MOST_FILES = 40
_TOO_LONG = Sentence("这一栏不能超过{n}个字，请写短一些。", n=LONGEST_TEXT)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not right.

    Attributes:
        field: name of the form field, or the material's code.
        sentence: what is wrong and what to do, in Chinese, without personal data.
        missing: True where a required material is not there, so that 坚持提交 is possible.
    """

    field: str
    sentence: str
    missing: bool = False


def check(application: Application, item: Item, today: date) -> tuple[Finding, ...]:
    """Return everything found, in the order of the form; empty says 材料看起来齐了, never more.

    ``today`` is the China day of the device.
    """
    return (
        *_person("applicant", application.applicant, today),
        *_agent(application, today),
        *_answers(application),
        *_given(application, item),
        *_missing(application, item),
    )


def blocking(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings that must be mended before anything can be handed in."""
    return tuple(finding for finding in findings if not finding.missing)


def _person(prefix: str, person: Person, today: date) -> Iterator[Finding]:
    if not person.name.strip():
        yield Finding(f"{prefix}.name", "请填写姓名，和身份证上的一样。")
    elif len(person.name) > LONGEST_NAME or not person.name.isprintable():
        yield Finding(f"{prefix}.name", Sentence("姓名不能超过{n}个字，也不能换行，请检查。", n=LONGEST_NAME))
    try:
        identity_number.parse(person.identity, today=today)
    except SpokenError as error:
        yield Finding(f"{prefix}.identity", error.sentence)
    try:
        phone.parse(person.phone)
    except SpokenError as error:
        yield Finding(f"{prefix}.phone", error.sentence)
    for name in ("address", "contact"):
        if len(getattr(person, name)) > LONGEST_TEXT:
            yield Finding(f"{prefix}.{name}", _TOO_LONG)


def _agent(application: Application, today: date) -> Iterator[Finding]:
    agent = application.agent
    if agent is None:
        return
    yield from _person("agent", agent.person, today)
    if not agent.relation.strip():
        yield Finding("agent.relation", "请填写代办人和申请人的关系，例如：子女、邻居、村帮办员。")


def _answers(application: Application) -> Iterator[Finding]:
    for name, answer in application.answers.items():
        if len(answer) > LONGEST_TEXT:
            yield Finding(f"answers.{name}", _TOO_LONG)


def _given(application: Application, item: Item) -> Iterator[Finding]:
    for given in application.materials:
        if item.material(given.code) is None:
            yield Finding(given.code, "这个事项不需要这份材料，请取回，不必提交。")
        elif len(given.files) > MOST_FILES:
            yield Finding(given.code, Sentence("一份材料最多{n}张，请合并或分开提交。", n=MOST_FILES))


def missing_materials(application: Application, item: Item) -> tuple[str, ...]:
    """Return codes of required materials of which neither paper nor picture is there."""
    there = {given.code for given in application.materials if given.copies or given.files}
    return tuple(
        material.code
        for material in item.materials
        if material.necessity is Necessity.REQUIRED and material.code not in there
    )


def _missing(application: Application, item: Item) -> Iterator[Finding]:
    for code in missing_materials(application, item):
        material = item.material(code)
        name = material.name if material else code
        lacking = Sentence("还缺“{name}”。请补上；如果现在拿不到，也可以坚持提交。", name=name)
        yield Finding(code, lacking, missing=True)
