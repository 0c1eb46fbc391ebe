"""Who, what and where of a case in words; masked until somebody gives a reason to see more."""

from common.domain.application import Agent, MaterialGiven, Person
from common.domain.chinese_text import date_text
from common.domain.masking import mask_identity, mask_name, mask_phone
from common.domain.sentence import Sentence
from common.web.pages.desk.opened import Opened
from common.web.pages.handed import handed_words
from common.web.views.casework import MaterialLine

_HIDDEN = Sentence("已登记")


def facts(seen: Opened, *, unmasked: bool) -> tuple[tuple[str, str], ...]:
    """Return word and text of each line."""
    case = seen.standing.case
    submitted = case.submitted
    if submitted is None:
        return ()
    application = submitted.application
    taker = submitted.taken_by.shown if submitted.taken_by else Sentence("自助")
    rows = [
        *_person("申请人", application.applicant, unmasked=unmasked),
        *_agent(application.agent, unmasked=unmasked),
        ("要说明的情况", application.answers.get("note", "")),
        ("收件", Sentence("{node} {taker}", node=seen.node_name(case.intake), taker=taker)),
        ("收件日期", date_text(case.received_on) if case.received_on else ""),
        ("承办单位", seen.standing.item.authority),
        ("现在由谁办", seen.node_name(case.custodian)),
    ]
    return tuple((word, text) for word, text in rows if text)


def _person(word: str, person: Person, *, unmasked: bool) -> list[tuple[str, str]]:
    if unmasked:
        return [
            (word, person.name),
            ("身份证号码", person.identity),
            ("电话", person.phone),
            ("告诉谁", person.contact),
            ("住址", person.address),
        ]
    return [
        (word, mask_name(person.name)),
        ("身份证号码", mask_identity(person.identity)),
        ("电话", mask_phone(person.phone) if person.phone else ""),
        ("告诉谁", _HIDDEN if person.contact else ""),
        ("住址", _HIDDEN if person.address else ""),
    ]


def _agent(agent: Agent | None, *, unmasked: bool) -> list[tuple[str, str]]:
    if agent is None:
        return []
    person = [
        (Sentence("代办人{word}", word=Sentence(word)), text)
        for word, text in _person("姓名", agent.person, unmasked=unmasked)
    ]
    return [*person, ("和申请人的关系", agent.relation), ("怎么委托的", agent.mandate)]


def materials(seen: Opened) -> tuple[MaterialLine, ...]:
    """Return every material of the item, and what came beside it."""
    names = {one.code: one.name for one in seen.standing.item.materials}
    required = (
        set(seen.standing.case.submitted.application.missing) if seen.standing.case.submitted else set()
    )
    given = seen.standing.case.materials
    return tuple(
        _material(seen, code, names.get(code, code), given.get(code), needed=code in required)
        for code in dict.fromkeys([*names, *given])
    )


def _material(
    seen: Opened, code: str, name: str, given: MaterialGiven | None, *, needed: bool
) -> MaterialLine:
    nothing = given is None or not (given.files or given.copies or given.original_seen)
    path = f"{seen.path}/materials/{code}" if given and given.files else ""
    return MaterialLine(name, handed_words(given), nothing and needed, path)
