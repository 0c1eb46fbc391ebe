"""A case read from its rows: who may say something about it, and which entry it begins with."""

from dataclasses import replace

from common.casework.book import Shelf, begins, folded, orders_erasure
from common.domain.bodies.facts import HandedOver, Received
from common.domain.bodies.hub import CaseErased, Ground
from common.domain.bodies.officer import Officer
from common.domain.bodies.records import HandedOut
from common.domain.bodies.requests import Submitted
from common.domain.identifiers import new_id
from common.domain.kinds import KINDS
from common.domain.node import NodeId
from common.domain.times import to_milliseconds
from common.journal.body import encode_body
from common.store.rows import EntryRow, JournalRow
from tests.builders.cases import DAY, HUB, NOON, TOWNSHIP, VILLAGE, application

STRANGER = NodeId.of("130638", 999)
CASE = new_id(NOON, bytes(10))
HOME, FOREIGN = 1, 2


def journal(key: int, writer: NodeId, audience: str) -> JournalRow:
    digest = bytes([key]) * 32
    return JournalRow(key, digest, str(writer), bytes(16), audience, 9, digest, 9, digest, 9, "")


HERE = Shelf(
    {
        HOME: journal(HOME, VILLAGE, f"township:{TOWNSHIP.number:04d}:{VILLAGE.number:04d}"),
        FOREIGN: journal(FOREIGN, STRANGER, f"county:{STRANGER.number:04d}"),
    },
    {HOME: 0, FOREIGN: 0},
)


def row(key: int, number: int, kind: str, body: object, moves: int = 0, fact: int = 0) -> EntryRow:
    digest = bytes(32)
    return EntryRow(
        journal_id=key,
        number=number,
        hash=digest,
        header=b"",
        salt=bytes(16),
        body=encode_body(body),
        body_digest=digest,
        entry_class=int(KINDS[kind].entry_class),
        kind=kind,
        case_id=str(CASE),
        takings=0,
        moves=moves,
        fact_number=fact,
        time_ms=to_milliseconds(NOON),
        status="applied",
    )


OWN = [
    row(HOME, 1, "submitted", Submitted("041726004582", application())),
    row(HOME, 2, "received", Received(DAY, lawful=True), fact=1),
    row(HOME, 3, "handed_over", HandedOver(str(HUB), DAY), fact=2),
]


def test_a_stranger_that_hands_the_case_to_itself_gets_no_say_in_it() -> None:
    forged = [
        row(FOREIGN, 1, "handed_over", HandedOver(str(STRANGER), DAY), moves=1, fact=1),
        row(FOREIGN, 2, "handed_out", HandedOut("", "本人", DAY)),
    ]
    case = folded(CASE, [*OWN, *forged], HERE)
    assert case.custodian == HUB
    assert case.handed_out is None


def test_whoever_the_custodian_hands_the_case_to_has_a_say() -> None:
    given = row(HOME, 3, "handed_over", HandedOver(str(STRANGER), DAY), fact=2)
    said = row(FOREIGN, 1, "handed_out", HandedOut("", "本人", DAY))
    case = folded(CASE, [*OWN[:2], given, said], HERE)
    assert case.custodian == STRANGER
    assert case.handed_out is not None


def test_an_erased_submission_elsewhere_takes_no_case_from_its_node() -> None:
    erased = replace(OWN[0], journal_id=FOREIGN, salt=None, body=None)
    assert not begins(erased)
    case = folded(CASE, [erased, *OWN], HERE)
    assert case.submitted is not None
    assert case.intake == VILLAGE


def test_nobody_but_the_hub_orders_an_erasure_even_where_an_older_program_kept_it() -> None:
    by = Officer("li")
    body = CaseErased("041726004582", Ground.UNLAWFUL, DAY, by, Officer("sun"))
    here = replace(HERE, journals={**HERE.journals, 3: journal(3, HUB, "township:0101:0417")})
    assert orders_erasure(row(3, 1, "case_erased", body), here)
    assert not orders_erasure(row(FOREIGN, 1, "case_erased", body), here)
    assert not orders_erasure(replace(row(3, 1, "case_erased", body), status="refused"), here)
