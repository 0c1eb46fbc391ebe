"""The verbs: each one transaction, authorised once, refused with a sentence, nothing half done."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from common.casework import (
    accept,
    attachments,
    correct,
    decide,
    hand_out,
    issue,
    notice,
    receive,
    review,
    withdraw,
)
from common.casework.clock import NodeClock
from common.casework.desk import Desk
from common.casework.errors import (
    AlreadyHandedInError,
    CaseworkError,
    FileRefusedError,
    ItemClosedError,
    LeaseExpiredError,
    NotCustodianError,
    NotPossibleError,
    NotReadyError,
    SomeNotReadyError,
    TakenInBeforeError,
    UnknownCaseError,
    UnknownItemError,
)
from common.casework.rebuilding import rebuild_projections
from common.casework.sweeping import sweep
from common.domain.application import FileRef, MaterialGiven
from common.domain.bodies.facts import MissingThing, Outcome
from common.domain.course import State
from common.domain.findings import Finding
from common.domain.grants import NotAllowedError
from common.domain.identifiers import new_id
from common.domain.receipt_number import parse
from common.domain.times import to_milliseconds
from common.journal.attachment import PIECE
from common.store import cases, drafts, entries, ledger, receipts
from common.store.rows import CheckpointRow, DraftRow
from tests.builders.cases import HUB, NOON, application
from tests.builders.desks import CHIEF, CLERK, HELPER, MONDAY, REVIEWER, HandClock, open_desk

GIVEN = (MaterialGiven("m1", copies=1), MaterialGiven("m2", copies=1))
WHOLE = application(item="YL-0001", materials=GIVEN)
SIMPLE = application(item="YL-0003")


async def test_a_case_taken_in_is_numbered_kept_and_handed_on(village: Desk) -> None:
    taken = await receive.receive(village, HELPER, WHOLE)
    assert parse(str(taken.number)).node == 417
    row = await village.vault.read(lambda tx: cases.find(tx, str(taken.case_id)))
    assert row is not None
    assert (row.state, row.custodian, row.takings, row.moves) == ("received", "130638-0101", 0, 1)
    assert row.applicant_masked == "王*芳"
    kinds = [one.kind for one in await village.vault.read(lambda tx: entries.of_case(tx, str(taken.case_id)))]
    assert kinds == ["submitted", "received", "handed_over"]


async def test_what_is_missing_stops_until_somebody_insists(village: Desk) -> None:
    lacking = replace(WHOLE, materials=GIVEN[:1])
    with pytest.raises(NotReadyError) as refused:
        await receive.receive(village, HELPER, lacking)
    assert [finding.field for finding in refused.value.findings] == ["m2"]
    taken = await receive.receive(village, HELPER, replace(lacking, insisted=True))
    assert taken.missing == ("m2",)


async def test_insisting_does_not_help_against_a_wrong_number(village: Desk) -> None:
    person = replace(WHOLE.applicant, identity="110105194912310020")
    with pytest.raises(NotReadyError) as refused:
        await receive.receive(village, None, replace(WHOLE, applicant=person, insisted=True))
    assert isinstance(refused.value.findings[0], Finding)


async def test_an_unknown_or_closed_item_is_refused_and_the_draft_stays(village: Desk) -> None:
    with pytest.raises(UnknownItemError):
        await receive.receive(village, HELPER, application(item="YL-9999"))
    catalogue = replace(village.rules.catalogues[0], items={})
    village.rules = replace(village.rules, catalogues=(catalogue,))
    with pytest.raises(ItemClosedError) as closed:
        await receive.receive(village, HELPER, WHOLE)
    assert "草稿" in closed.value.sentence


async def test_a_draft_confirmed_twice_becomes_one_case(village: Desk) -> None:
    draft = DraftRow("d1", "helper", "YL-0001", {}, 0)
    await village.vault.write(lambda tx: drafts.save(tx, draft))
    first = await receive.receive(village, HELPER, WHOLE, draft_id="d1")
    with pytest.raises(AlreadyHandedInError) as second:
        await receive.receive(village, HELPER, WHOLE, draft_id="d1")
    assert second.value.case_id == str(first.case_id)
    page = await village.vault.read(lambda tx: ledger.count(tx, ledger.LedgerFilter()))
    assert page == 1


async def test_many_are_taken_in_all_or_none(village: Desk) -> None:
    with pytest.raises(SomeNotReadyError) as several:
        await receive.receive_many(village, HELPER, [SIMPLE, replace(WHOLE, materials=())])
    ((which, why),) = several.value.refused
    assert (which, "还缺" in why) == (1, True), "the one that is wrong is named"
    assert await village.vault.read(lambda tx: ledger.count(tx, ledger.LedgerFilter())) == 0
    taken = await receive.receive_many(village, HELPER, [SIMPLE, SIMPLE])
    assert [str(one.number)[8:13] for one in taken] == ["00001", "00002"]
    with pytest.raises(ValueError, match="at once"):
        await receive.receive_many(village, HELPER, [SIMPLE] * 501)


async def test_a_file_taken_in_twice_makes_one_case_and_says_its_number(village: Desk) -> None:
    with pytest.raises(NotReadyError):
        await receive.receive_many(village, HELPER, [replace(WHOLE, materials=())], once=b"a file")
    told = await asyncio.gather(
        *(receive.receive_many(village, HELPER, [SIMPLE], once=b"a file") for _ in range(2)),
        return_exceptions=True,
    )
    (taken,) = [one for one in told if isinstance(one, list)]
    (refused,) = [one for one in told if isinstance(one, TakenInBeforeError)]
    assert str(taken[0].number) in refused.sentence
    assert await village.vault.read(entries.case_ids) == [str(taken[0].case_id)]
    assert await receive.receive_many(village, HELPER, [SIMPLE], once=b"another file")


async def test_only_somebody_who_may_takes_in(village: Desk) -> None:
    with pytest.raises(NotAllowedError):
        await receive.receive(village, REVIEWER, WHOLE)


async def test_a_case_at_the_hub_goes_its_whole_course(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, WHOLE)
    await accept.accept(hub, REVIEWER, taken.case_id)
    await review.review(hub, REVIEWER, taken.case_id, "材料属实", favourable=True)
    case = await decide.decide(hub, CHIEF, taken.case_id, Outcome.GRANTED, "符合条件")
    assert case.state is State.DECIDED
    number = await issue.reserve_number(hub, "雄县行政审批")
    file = FileRef("aa" * 32, 10, "bb" * 32, "application/pdf")
    case = await issue.issue(
        hub, CHIEF, taken.case_id, paper="decision", number=number, template="decision-1", file=file
    )
    assert case.papers[0].number == number
    case = await hand_out.hand_out(hub, CLERK, taken.case_id, "本人")
    assert case.state is State.CLOSED
    with pytest.raises(CaseworkError, match="before"):
        await hand_out.hand_out(hub, CLERK, taken.case_id, "本人")
    assert (await rebuild_projections(hub)).differing == ()


async def test_the_second_officer_is_told_and_nothing_is_overwritten(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, WHOLE)
    await accept.accept(hub, REVIEWER, taken.case_id)
    with pytest.raises(NotPossibleError) as refused:
        await accept.accept(hub, CLERK, taken.case_id)
    assert "已受理" in refused.value.sentence


async def test_nobody_decides_a_case_they_took_in(township: Desk) -> None:
    chief = replace(CHIEF, roles=CHIEF.roles | CLERK.roles)
    taken = await receive.receive(township, chief, application(item="YL-0004"))
    await accept.accept(township, CLERK, taken.case_id)
    with pytest.raises(LeaseExpiredError):
        await decide.decide(township, CHIEF, taken.case_id, Outcome.GRANTED, "")
    assert (await accept_state(township, taken.case_id)) == "accepted"


async def accept_state(desk: Desk, case_id: object) -> str:
    row = await desk.vault.read(lambda tx: cases.find(tx, str(case_id)))
    assert row is not None
    return row.state


async def test_at_the_hub_whoever_took_a_case_in_does_not_decide_it(hub: Desk) -> None:
    both = replace(CHIEF, roles=CHIEF.roles | CLERK.roles)
    taken = await receive.receive(hub, both, WHOLE)
    await accept.accept(hub, REVIEWER, taken.case_id)
    with pytest.raises(CaseworkError, match="took the case in"):
        await decide.decide(hub, both, taken.case_id, Outcome.GRANTED, "符合")


async def test_a_node_that_is_not_the_custodian_changes_nothing(village: Desk) -> None:
    taken = await receive.receive(village, HELPER, WHOLE)
    with pytest.raises(NotCustodianError) as refused:
        await accept.accept(village, REVIEWER, taken.case_id)
    assert "0101号站点" in refused.value.sentence


async def test_a_notice_a_correction_and_on_it_goes(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, replace(WHOLE, materials=GIVEN[:1], insisted=True))
    with pytest.raises(CaseworkError, match="without anything"):
        await notice.give_notice(hub, REVIEWER, taken.case_id, ())
    await notice.give_notice(hub, REVIEWER, taken.case_id, (MissingThing("m2", "户口簿"),))
    with pytest.raises(CaseworkError, match="no such request"):
        await correct.take_correction(hub, REVIEWER, taken.case_id)
    with pytest.raises(CaseworkError, match="empty"):
        await correct.correct(hub, CLERK, taken.case_id, ())
    await correct.correct(hub, CLERK, taken.case_id, GIVEN[1:])
    case = await correct.take_correction(hub, REVIEWER, taken.case_id)
    assert case.state is State.RECEIVED
    assert set(case.materials) == {"m1", "m2"}
    with pytest.raises(NotPossibleError):
        await correct.correct(hub, CLERK, taken.case_id, GIVEN)


async def test_a_written_refusal_is_handed_out_and_ends_the_case(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, WHOLE)
    await notice.refuse_to_accept(hub, REVIEWER, taken.case_id, "不归民政管", "医保局")
    case = await hand_out.hand_out(hub, CLERK, taken.case_id, "本人")
    assert case.state is State.CLOSED


async def test_nothing_is_issued_or_handed_out_before_a_decision(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, WHOLE)
    file = FileRef("aa" * 32, 10, "bb" * 32, "application/pdf")
    with pytest.raises(NotPossibleError):
        await issue.issue(hub, CHIEF, taken.case_id, paper="decision", number="1", template="t", file=file)
    with pytest.raises(CaseworkError, match="nothing to hand out"):
        await hand_out.hand_out(hub, CLERK, taken.case_id, "本人")


async def test_an_item_is_decided_at_its_own_tier_only(township: Desk) -> None:
    taken = await receive.receive(township, CLERK, WHOLE)
    await accept.accept(township, CLERK, taken.case_id)
    await township.open.write(lambda tx: receipts.save_checkpoint(tx, CHECKPOINT))
    with pytest.raises(CaseworkError, match="another tier"):
        await decide.decide(township, CHIEF, taken.case_id, Outcome.GRANTED, "符合")


async def test_a_clock_that_once_jumped_ahead_decides_again_when_it_is_measured(
    tmp_path: Path, township: Desk
) -> None:
    await township.open.write(lambda tx: receipts.save_checkpoint(tx, CHECKPOINT))
    clock = HandClock(MONDAY + timedelta(days=20_000))
    township.clock = NodeClock(clock)
    taken = await receive.receive(township, CLERK, application(item="YL-0004"))
    await accept.accept(township, REVIEWER, taken.case_id)
    clock.at = MONDAY
    with pytest.raises(LeaseExpiredError):
        await decide.decide(township, CHIEF, taken.case_id, Outcome.GRANTED, "")
    township.clock.measure(MONDAY, timedelta(milliseconds=40))
    case = await decide.decide(township, CHIEF, taken.case_id, Outcome.GRANTED, "")
    assert case.state is State.DECIDED


CHECKPOINT = CheckpointRow(bytes(16), 0, 1, to_milliseconds(MONDAY), bytes(32), 0, b"")


async def test_a_withdrawal_is_granted_before_the_decision(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, WHOLE)
    await withdraw.ask_withdrawal(hub, CLERK, taken.case_id, "不办了")
    case = await withdraw.grant_withdrawal(hub, REVIEWER, taken.case_id)
    assert case.state is State.WITHDRAWN


async def test_a_withdrawal_that_meets_a_decision_is_refused_with_its_reason(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, WHOLE)
    await accept.accept(hub, REVIEWER, taken.case_id)
    await decide.decide(hub, CHIEF, taken.case_id, Outcome.GRANTED, "符合")
    await withdraw.ask_withdrawal(hub, CLERK, taken.case_id, "不办了")
    with pytest.raises(NotPossibleError):
        await withdraw.grant_withdrawal(hub, REVIEWER, taken.case_id)
    with pytest.raises(CaseworkError, match="without a reason"):
        await withdraw.refuse_withdrawal(hub, REVIEWER, taken.case_id, " ")
    case = await withdraw.refuse_withdrawal(hub, REVIEWER, taken.case_id, "决定已经作出")
    assert case.state is State.DECIDED
    assert not case.open_requests
    with pytest.raises(CaseworkError, match="no such request"):
        await withdraw.refuse_withdrawal(hub, REVIEWER, taken.case_id, "再说一遍")


async def test_refusals_need_their_words(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, WHOLE)
    with pytest.raises(CaseworkError):
        await notice.refuse_to_accept(hub, REVIEWER, taken.case_id, " ", "民政局")
    with pytest.raises(CaseworkError):
        await review.review(hub, REVIEWER, taken.case_id, " ", favourable=True)
    with pytest.raises(CaseworkError):
        await decide.decide(hub, CHIEF, taken.case_id, Outcome.REFUSED, "")
    case = await notice.refuse_to_accept(hub, REVIEWER, taken.case_id, "不归民政管", "医保局")
    assert case.state is State.REFUSED_TO_ACCEPT


async def test_a_first_review_sends_the_case_up(township: Desk) -> None:
    taken = await receive.receive(township, CLERK, WHOLE)
    case = await review.review(township, CLERK, taken.case_id, "属实", favourable=True)
    assert (case.state, case.custodian) == (State.RECEIVED, HUB)
    with pytest.raises(NotCustodianError) as refused:
        await review.review(township, CLERK, taken.case_id, "属实", favourable=True)
    assert "县里" in refused.value.sentence


async def test_an_unknown_case_is_said_so(hub: Desk) -> None:
    with pytest.raises(UnknownCaseError):
        await accept.accept(hub, REVIEWER, new_id(NOON, bytes(10)))


async def test_silence_past_the_correction_time_is_acceptance_by_law(tmp_path: Path, hub: Desk) -> None:
    clock = HandClock(MONDAY)
    (tmp_path / "late").mkdir()
    desk = await open_desk(tmp_path / "late", HUB, clock)
    desk.rules = hub.rules
    permit = next(item for item in desk.rules.versions.values() if item.code == "YL-0004")
    taken = await receive.receive(desk, CLERK, application(item=permit.code))
    assert await sweep(desk) == 0
    clock.at += timedelta(days=9)
    assert await sweep(desk) == 1
    row = await desk.vault.read(lambda tx: cases.find(tx, str(taken.case_id)))
    assert row is not None
    assert (row.state, str(row.accepted_on), row.marks) == ("accepted", "2026-11-16", ["deemed"])
    assert await sweep(desk) == 0
    await desk.vault.close()


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
async def test_a_file_is_kept_sealed_and_read_again_whole_or_from_anywhere(
    village: Desk, length: int
) -> None:
    picture = Random(length).randbytes(length)
    kept, other = await attachments.keep_files(village, [picture, b"other"], "image/jpeg", "残疾人证")
    assert await attachments.read_file(village, kept) == picture
    assert await attachments.read_file(village, other) == b"other"
    assert (kept.media_type, kept.title, kept.length) == ("image/jpeg", "残疾人证", length)
    assert picture[:1000] not in village.files.read(bytes.fromhex(kept.parcel)) or length < 8
    for start, stop in ((0, length), (length // 2, length), (PIECE, PIECE + 7), (length, length)):
        pieces = [piece async for piece in attachments.open_pieces(village, kept, start, min(stop, length))]
        assert b"".join(pieces) == picture[start:stop]
        assert all(len(piece) <= PIECE for piece in pieces)


async def test_a_file_that_is_away_or_damaged_is_a_sentence(village: Desk) -> None:
    kept = await attachments.keep_file(village, bytes(2 * PIECE), "image/jpeg")
    name = bytes.fromhex(kept.parcel)
    sealed = bytearray(village.files.read(name))
    sealed[-1] ^= 1
    village.files.save(name, bytes(sealed))
    pieces = attachments.open_pieces(village, kept)
    assert await anext(pieces) == bytes(PIECE), "what lies before the damage is given"
    with pytest.raises(FileRefusedError, match="damaged"):
        await anext(pieces)
    village.files.discard(name)
    with pytest.raises(FileRefusedError, match="not here yet"):
        await attachments.read_file(village, kept)


async def test_what_was_told_is_on_record_once_however_many_windows_are_open(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, WHOLE)
    await accept.accept(hub, REVIEWER, taken.case_id)
    case = await hand_out.tell(hub, CLERK, taken.case_id, "acceptance", "phone")
    with pytest.raises(CaseworkError, match="told before"):
        await hand_out.tell(hub, CLERK, taken.case_id, "acceptance", "in_person")
    assert case.told == ("acceptance",)


async def test_a_withdrawal_that_waits_for_its_answer_is_not_asked_for_again(hub: Desk) -> None:
    taken = await receive.receive(hub, CLERK, WHOLE)
    await withdraw.ask_withdrawal(hub, CLERK, taken.case_id, "家里的情况变了")
    with pytest.raises(CaseworkError, match="asked before"):
        await withdraw.ask_withdrawal(hub, CLERK, taken.case_id, "再说一次")
    case = await withdraw.refuse_withdrawal(hub, REVIEWER, taken.case_id, "要件已经送出")
    assert not case.open_requests
    case = await withdraw.ask_withdrawal(hub, CLERK, taken.case_id, "又想撤回")
    assert len(case.open_requests) == 1, "once answered it may be asked for anew"
