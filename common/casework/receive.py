"""Taking in an application: numbered, written, handed on; received is not accepted (收件)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from common.casework.acting import newest_hub_time
from common.casework.answering import settle
from common.casework.case_entries import note_time
from common.casework.desk import Desk
from common.casework.errors import AlreadyHandedInError, NotReadyError, SomeNotReadyError, TakenInBeforeError
from common.casework.writing import append, begin, new_case
from common.crypto.hashing import digest
from common.crypto.symmetric import random_bytes
from common.domain.application import Application
from common.domain.bodies.facts import HandedOver, Received
from common.domain.bodies.officer import Officer
from common.domain.bodies.requests import Submitted
from common.domain.entries import FIRST_FENCE, FactPosition
from common.domain.findings import blocking, check, missing_materials
from common.domain.grants import Actor, Power, authorise
from common.domain.item import Item
from common.domain.node import Tier
from common.domain.receipt_number import ReceiptNumber, query_code
from common.domain.routing import audience_of, custodian_after_receipt
from common.domain.sentence import Sentence
from common.domain.spoken_error import SpokenError
from common.domain.times import china_day
from common.store import drafts, serials, settings
from common.store.engine import Tx

_QUERY = b"jiujin/query/1\0"
_TOKEN = b"jiujin/token/1\0"
_SOURCE = b"jiujin/taken/1\0"
TOKEN_BYTES = 16
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What the applicant goes home with.

    Attributes:
        query_code: six digits, printed once and kept nowhere in the clear.
        token: the receipt's QR holds it; kept only as a digest.
        lawful: whether the clock starts with this receipt (收件凭证), or later (代办登记单).
    """

    case_id: UUID
    number: ReceiptNumber
    query_code: str
    token: str
    lawful: bool
    missing: tuple[str, ...]


async def receive(
    desk: Desk, actor: Actor | None, application: Application, *, draft_id: str = "", place: str = ""
) -> Taken:
    """Take one application in; ``actor`` is None at a kiosk. A draft becomes a case once.

    Refusals are ``SpokenError``: unknown or closed item, findings, materials missing and not insisted on,
    a draft confirmed before (with the case it became).
    """
    (taken,) = await receive_many(desk, actor, [application], draft_id=draft_id, place=place)
    return taken


async def receive_many(
    desk: Desk,
    actor: Actor | None,
    applications: Sequence[Application],
    *,
    draft_id: str = "",
    place: str = "",
    once: bytes = b"",
) -> list[Taken]:
    """Take applications in, all or none; as :func:`receive`.

    Args:
        desk: where.
        actor: who takes them in.
        applications: what is taken in.
        draft_id: the draft they come from, if any.
        place: division they are taken in for; without it the station's first.
        once: a file's bytes: taken in again it is a ``TakenInBeforeError``. Empty: not asked.

    Raises:
        ValueError: there are more than ``MOST_AT_ONCE``.
    """
    if len(applications) > MOST_AT_ONCE:
        message = f"at most {MOST_AT_ONCE} applications at once"
        raise ValueError(message)
    source = f"taken/{digest(_SOURCE, once).hex()}" if once else ""
    today = await _day_for_rules(desk)
    ready = _all_ready(desk, applications, today)
    for _, item in ready:
        if actor is not None:
            authorise(actor, Power.TAKE_IN, item.code, today)

    async def work(tx: Tx) -> list[Taken]:
        await _insist_new(tx, source)
        taken = [await _take_in(tx, desk, actor, one, item, place) for one, item in ready]
        if draft_id:
            await _bind(tx, draft_id, taken[0])
        if source:
            await settings.put(tx, source, [str(one.number) for one in taken])
        await settle(tx, desk, [one.case_id for one in taken])
        await note_time(tx, desk)
        return taken

    return await desk.vault.write(work)


async def _day_for_rules(desk: Desk) -> date:
    """Return the day to look items up for: a clock behind the hub's signed time must not stop taking in."""
    hub_time = await newest_hub_time(desk)
    today = desk.clock.today()
    return today if hub_time is None else max(today, china_day(hub_time))


def _all_ready(
    desk: Desk, applications: Sequence[Application], today: date
) -> list[tuple[Application, Item]]:
    """Return them all ready to be taken in.

    Raises:
        SomeNotReadyError: there are several, and it names those that are refused.
    """
    if len(applications) == 1:
        return [_ready(desk, applications[0], today)]
    ready, refused = [], list[tuple[int, Sentence]]()
    for at, application in enumerate(applications):
        try:
            ready.append(_ready(desk, application, today))
        except SpokenError as error:
            refused.append((at, error.sentence))
    if refused:
        raise SomeNotReadyError(tuple(refused))
    return ready


def _ready(desk: Desk, application: Application, today: date) -> tuple[Application, Item]:
    version, item = desk.rules.to_apply_for(application.item, today)
    findings = check(application, item, today)
    stops = blocking(findings) if application.insisted else findings
    if stops:
        raise NotReadyError(stops)
    missing = missing_materials(application, item)
    return replace(application, version=version, missing=missing, insisted=bool(missing)), item


async def _take_in(
    tx: Tx, desk: Desk, actor: Actor | None, application: Application, item: Item, place: str
) -> Taken:
    today, seat = desk.clock.today(), desk.seat
    number = ReceiptNumber(seat.node.number, today.year % 100, await serials.next_serial(tx, today.year))
    audience = audience_of(item, seat)
    case = new_case(desk, audience)
    code, token = query_code(random_bytes(16)), random_bytes(TOKEN_BYTES).hex()
    by = Officer(actor.login, actor.name) if actor else None
    lawful = item.lawful_receiver or seat.tier is not Tier.VILLAGE
    submitted = Submitted(
        number=number.digits,
        application=application,
        place=place or next(iter(seat.divisions), ""),
        lawful_receiver=lawful,
        taken_by=by,
        query_digest=query_digest(case.case_id, code),
        token_digest=token_digest(token),
    )
    facts: list[tuple[str, object]] = [("received", Received(today, lawful, by))]
    above = custodian_after_receipt(item, seat)
    if above is not None:
        facts.append(("handed_over", HandedOver(str(above), today, by)))
    await begin(tx, desk, audience, case, submitted)
    for fact, (kind, body) in enumerate(facts, start=1):
        position = FactPosition(FIRST_FENCE, fact)
        await append(tx, desk, audience, kind, body, case_id=case.case_id, position=position)
    return Taken(case.case_id, number, code, token, lawful, application.missing)


async def _insist_new(tx: Tx, source: str) -> None:
    before = await settings.get(tx, source) if source else None
    if before is not None:
        raise TakenInBeforeError(before)


async def _bind(tx: Tx, draft_id: str, taken: Taken) -> None:
    bound = await drafts.confirm(tx, draft_id, str(taken.case_id))
    if bound is not None and bound != str(taken.case_id):
        raise AlreadyHandedInError(bound)


def query_digest(case_id: UUID, code: str) -> str:
    """Return what is kept of a query code; six digits are guarded by limits on asking, not by this."""
    return digest(_QUERY, case_id.bytes, code.encode()).hex()


def token_digest(token: str) -> str:
    """Return what is kept of a receipt's token."""
    return digest(_TOKEN, token.encode()).hex()
