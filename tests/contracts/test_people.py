"""Promises of accounts, sessions, drafts, serials, settings, grants, items and the registry."""

import asyncio
import dataclasses
from datetime import date
from typing import Any

import pytest

from common.store import (
    accounts,
    calendars,
    drafts,
    grants,
    items,
    letters,
    registry,
    serials,
    sessions,
    settings,
)
from common.store.errors import ConflictError
from common.store.rows import (
    AccountRow,
    CertificateRow,
    DraftRow,
    GrantRow,
    InvitationRow,
    ItemRow,
    LetterRow,
    PersonRow,
    RevocationRow,
    SessionRow,
    UnmaskRow,
    VersionRow,
)
from tests.builders.rows import HUB, TOWNSHIP, VILLAGE, digest


async def test_accounts_and_people_come_back_as_given(db):
    account = AccountRow("li", "$argon2id$", {"vault": "AAAA"}, ["helper"])

    async def work(tx: Any) -> Any:
        await accounts.add(tx, account)
        await accounts.set_attempts(tx, "li", 3, 99)
        await accounts.save_person(tx, PersonRow("li", "李丽"))
        assert await accounts.person(tx, "li") == PersonRow("li", "李丽")
        assert await accounts.persons(tx) == [PersonRow("li", "李丽")]
        assert await accounts.find(tx, "nobody") is None
        return await accounts.every(tx)

    assert await db.write(work) == [dataclasses.replace(account, failed=3, locked_until_ms=99)]
    with pytest.raises(ConflictError):
        await db.write(lambda tx: accounts.add(tx, account))
    await db.write(lambda tx: accounts.save(tx, dataclasses.replace(account, disabled=True)))
    assert (await db.read(lambda tx: accounts.find(tx, "li"))).disabled is True


async def test_a_session_ends_at_its_time_when_told_and_with_all_of_its_login(db):
    def made(number: Any) -> Any:
        return SessionRow(digest(number), "li", {"csrf": "x"}, 0, 0, number)

    async def work(tx: Any) -> Any:
        for number in (10, 20, 30):
            await sessions.save(tx, made(number))
        assert await sessions.find(tx, digest(20), 20) is None
        assert await sessions.find(tx, digest(20), 19) == made(20)
        await sessions.sweep(tx, 10)
        await sessions.end(tx, digest(20))
        assert await sessions.find(tx, digest(20), 0) is None
        await sessions.end_all(tx, "li")
        assert await sessions.find(tx, digest(30), 0) is None

    await db.write(work)


async def test_two_people_confirming_one_draft_get_one_case(db):
    draft = DraftRow("d1", "li", "001", {"name": "王"}, 5)
    await db.write(lambda tx: drafts.save(tx, draft))
    assert await db.read(lambda tx: drafts.unconfirmed(tx, "li")) == [draft]
    told = await asyncio.gather(
        *(db.write(lambda tx, case=case: drafts.confirm(tx, "d1", case)) for case in ("case-a", "case-b"))
    )
    assert told == ["case-a", "case-a"]
    assert await db.write(lambda tx: drafts.save(tx, draft)) is False
    assert await db.read(drafts.unconfirmed) == []
    assert await db.write(lambda tx: drafts.confirm(tx, "no such", "case-a")) is None
    await db.write(lambda tx: drafts.sweep(tx, 6))
    await db.write(lambda tx: drafts.drop(tx, "d1"))
    assert await db.read(lambda tx: drafts.find(tx, "d1")) is None


async def test_no_serial_is_given_twice_and_a_gap_is_never_given(db):
    given = await asyncio.gather(*(db.write(lambda tx: serials.next_serial(tx, 26)) for _ in range(20)))
    assert sorted(given) == list(range(1, 21))
    assert await db.write(lambda tx: serials.skip(tx, 26, 100)) == 120
    await db.write(lambda tx: serials.raise_to(tx, 26, 150))
    await db.write(lambda tx: serials.raise_to(tx, 26, 10))
    assert await db.write(lambda tx: serials.next_serial(tx, 26)) == 151
    assert await db.write(lambda tx: serials.next_serial(tx, 27)) == 1
    assert await db.write(lambda tx: serials.next_serial(tx, 26, "decision")) == 1


async def test_settings_keep_any_json(db):
    for value in ({"b": 1, "a": [1]}, [1, 2], "文字", 7, False):
        await db.write(lambda tx, value=value: settings.put(tx, "k", value))
        assert await db.read(lambda tx: settings.get(tx, "k")) == value
    await db.write(lambda tx: settings.drop(tx, "k"))
    assert await db.read(lambda tx: settings.get(tx, "k", "none")) == "none"


async def test_a_grant_is_valid_from_its_first_to_its_last_day(db):
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    days: dict[str, Any] = {"valid_from": first, "valid_until": last, "ended_on": None}
    grant = GrantRow("g1", "zhang", HUB, ["decide"], [], deputy=True, **days)
    await db.write(lambda tx: grants.save(tx, grant))

    async def valid(on: Any) -> Any:
        return await db.read(lambda tx: grants.valid(tx, HUB, "zhang", on))

    assert await valid(first) == await valid(last) == [grant]
    assert await valid(date(2026, 2, 28)) == await valid(date(2026, 4, 1)) == []
    await db.write(lambda tx: grants.end(tx, "g1", date(2026, 3, 10)))
    assert await valid(date(2026, 3, 11)) == []
    assert (await db.read(lambda tx: grants.find(tx, "g1"))).ended_on == date(2026, 3, 10)
    assert len(await db.read(lambda tx: grants.every(tx, HUB))) == 1


async def test_each_look_behind_a_mask_is_kept(db):
    look = UnmaskRow("li", "c1", "id_number", "核对证件", 5)
    await db.write(lambda tx: grants.note_unmask(tx, look))
    assert await db.read(lambda tx: grants.unmasks(tx, "c1")) == [look]


async def test_the_version_of_an_item_in_force_is_the_newest_published_one_of_that_day(db):
    def made(version: Any, day: Any, state: Any = "published", ended: Any = None) -> Any:
        return ItemRow("001", version, "低保", date(2026, 1, day), ended, state, {"v": version})

    async def work(tx: Any) -> Any:
        await items.save_many(tx, [made("a", 1), made("b", 10), made("c", 20, "draft")])
        assert await items.in_force(tx, "001", date(2026, 1, 9)) == made("a", 1)
        assert await items.all_in_force(tx, date(2026, 1, 30)) == [made("b", 10)]
        await items.set_state(tx, "001", "c", "published", date(2026, 1, 25))
        assert await items.in_force(tx, "001", date(2026, 1, 25)) == made("c", 20, ended=date(2026, 1, 25))
        assert await items.in_force(tx, "001", date(2026, 1, 26)) == made("b", 10)
        assert [row.version for row in await items.versions(tx, "001", "published")] == ["a", "b", "c"]
        await items.save(tx, made("a", 1, "ended"))
        assert await items.version(tx, "001", "a") == made("a", 1, "ended")

    await db.write(work)


async def test_catalogues_and_calendars_are_newest_by_number(db):
    first, second = VersionRow("aa", 1, 5, {"x": 1}), VersionRow("bb", 2, 6, {})

    async def work(tx: Any) -> Any:
        for row in (second, first, first):
            await items.save_catalogue(tx, row)
            await calendars.save(tx, row)
        assert await items.newest_catalogue(tx) == second == await calendars.newest(tx)
        assert await items.catalogues(tx) == [first, second]
        assert await calendars.find(tx, "aa") == first

    await db.write(work)


async def test_a_revocation_holds_whether_it_came_before_the_certificate_or_after(db):
    def certificate(generation: Any) -> Any:
        divisions = ["130638100200"]
        return CertificateRow(VILLAGE, generation, "village", TOWNSHIP, "某村", divisions, b"c", 0, None)

    async def work(tx: Any) -> Any:
        await registry.save_certificate(tx, certificate(1))
        for generation in (1, 2):
            await registry.revoke(tx, RevocationRow(VILLAGE, generation, 77, b"r"))
            await registry.revoke(tx, RevocationRow(VILLAGE, generation, 99, b"later"))
        await registry.save_certificate(tx, certificate(2))
        await registry.save_certificate(tx, certificate(3))
        assert [row.revoked_ms for row in await registry.certificates(tx, node=VILLAGE)] == [77, 77, None]
        assert await registry.newest_certificate(tx, VILLAGE) == certificate(3)
        revoked = dataclasses.replace(certificate(1), revoked_ms=77)
        assert await registry.certificate(tx, VILLAGE, 1) == revoked
        assert await registry.is_revoked(tx, VILLAGE, 2)
        assert not await registry.is_revoked(tx, VILLAGE, 3)
        assert len(await registry.certificates(tx, tier="village", parent=TOWNSHIP)) == 3
        assert len(await registry.revocations(tx)) == 2

    await db.write(work)


async def test_one_invitation_serves_one_set_of_keys(db):
    def made(secret: Any) -> Any:
        return InvitationRow(digest(secret), VILLAGE, 1, "village", TOWNSHIP, "某村", [], 9, "admin")

    async def work(tx: Any) -> Any:
        await registry.add_invitation(tx, made("s"))
        await registry.add_invitation(tx, made("t"))
        assert await registry.use_invitation(tx, digest("s"), digest("keys"))
        assert await registry.use_invitation(tx, digest("s"), digest("keys"))
        assert not await registry.use_invitation(tx, digest("s"), digest("other keys"))
        await registry.void_invitations(tx)
        assert not await registry.use_invitation(tx, digest("t"), digest("keys"))
        assert not await registry.use_invitation(tx, digest("unknown"), digest("keys"))
        assert sorted(row.state for row in await registry.invitations(tx)) == ["used", "void"]

    await db.write(work)


async def test_a_letter_is_kept_once_and_waits_for_its_addressee(db):
    letter = LetterRow(digest("l"), "request", "ab12", HUB, b"sealed", "waiting", 5)

    async def work(tx: Any) -> Any:
        await letters.save(tx, letter)
        await letters.save(tx, dataclasses.replace(letter, content=b"other"))
        assert await letters.waiting(tx, HUB) == [letter] == await letters.in_state(tx, "waiting")
        await letters.set_state(tx, letter.name, "answered")
        assert await letters.waiting(tx, HUB) == []
        assert await letters.find(tx, letter.name) == dataclasses.replace(letter, state="answered")
        await letters.drop(tx, letter.name)
        assert await letters.find(tx, letter.name) is None

    await db.write(work)
