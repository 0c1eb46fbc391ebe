"""Custody taken and given across the county: one authority at a time, nothing decided twice."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from common.casework import accept, book, custody, decide, receive, review
from common.casework.errors import CaseworkError, NotCustodianError, UnansweredError
from common.domain.application import MaterialGiven
from common.domain.bodies.facts import Outcome
from common.domain.case import Case
from common.domain.course import State
from common.domain.grants import Actor, Role
from common.domain.node import NodeId
from common.exchange.checkpoints import make_checkpoint
from common.store import cases, entries
from tests.builders.cases import HUB, TOWNSHIP, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County, county
from tests.builders.desks import CHIEF, CLERK, HELPER

OPERATOR = Actor("admin", "县管理员", frozenset({Role.ADMINISTRATOR}))
LONG = timedelta(days=60)


async def take_in(box: Box, item: str = "YL-0004") -> UUID:
    given = (MaterialGiven("m1", 1), MaterialGiven("m2", 1)) if item == "YL-0001" else ()
    return (await receive.receive(box.desk, HELPER, application(item=item, materials=given))).case_id


async def seen_at(box: Box, case_id: UUID) -> Case:
    return await box.vault.read(lambda tx: book.load(tx, case_id))


async def with_a_case_at_the_township(land: County) -> UUID:
    """A case the township has in hand, its lease fresh."""
    await make_checkpoint(land.hub.exchange)
    await land.settle(1)
    case_id = await take_in(land.village)
    await land.settle()
    assert (await seen_at(land.township, case_id)).custodian == TOWNSHIP
    return case_id


async def test_a_live_lease_is_not_taken_and_a_lost_one_is(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        case_id = await with_a_case_at_the_township(land)
        with pytest.raises(CaseworkError) as refused:
            await custody.take_custody(land.hub.desk, OPERATOR, case_id, HUB, "乡镇断线")
        assert "不能接管" in refused.value.sentence
        land.clock.at += LONG
        case = await custody.take_custody(land.hub.desk, OPERATOR, case_id, HUB, "乡镇断线")
        assert case.custodian == HUB
        with pytest.raises(CaseworkError, match="it has custody"):
            await custody.take_custody(land.hub.desk, OPERATOR, case_id, HUB, "再来一次")


async def test_what_was_decided_under_a_live_lease_is_never_decided_twice(tmp_path: Path) -> None:
    """History 4: the township decides and tells the person; the hub, not knowing, takes custody by time."""
    async with county(tmp_path) as land:
        case_id = await with_a_case_at_the_township(land)
        await accept.accept(land.township.desk, CLERK, case_id)
        await decide.decide(land.township.desk, CHIEF, case_id, Outcome.GRANTED, "符合")
        land.clock.at += LONG
        hub = land.hub.desk
        await custody.take_custody(hub, OPERATOR, case_id, HUB, "乡镇断线")
        await accept.accept(hub, CLERK, case_id)
        with pytest.raises(UnansweredError):
            await decide.decide(hub, CHIEF, case_id, Outcome.REFUSED, "不符合")
        case = await seen_at(land.hub, case_id)
        assert list(case.unanswered) == [TOWNSHIP]
        await land.settle()
        for box in (land.hub, land.township, land.village):
            case = await seen_at(box, case_id)
            assert case.custodian == HUB
            assert {one.kind for one in case.set_aside} == {"accepted", "decided"}, "set aside at every tier"
            assert not case.unanswered, "the township knows and said so"
        with pytest.raises(NotCustodianError):
            await decide.decide(land.township.desk, CHIEF, case_id, Outcome.GRANTED, "符合")


async def test_the_new_custodian_decides_only_after_the_old_one_answered_or_was_released(
    tmp_path: Path,
) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await make_checkpoint(land.hub.exchange)
        case_id = await take_in(land.village, "YL-0001")
        await land.settle()
        hub = land.hub.desk
        land.clock.at += LONG
        await custody.take_custody(hub, OPERATOR, case_id, HUB, "乡镇断线")
        await accept.accept(hub, CLERK, case_id)
        with pytest.raises(UnansweredError) as refused:
            await decide.decide(hub, CHIEF, case_id, Outcome.GRANTED, "符合")
        assert TOWNSHIP.digits in refused.value.sentence
        with pytest.raises(CaseworkError, match="nobody waits"):
            await custody.release(hub, OPERATOR, case_id, VILLAGE, "断线")
        case = await custody.release(hub, OPERATOR, case_id, TOWNSHIP, "乡镇机器送修，已电话核实没有作过决定")
        assert not case.unanswered
        case = await decide.decide(hub, CHIEF, case_id, Outcome.GRANTED, "符合")
        assert case.state is State.DECIDED


async def test_a_destroyed_box_is_waited_for_by_nobody(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        case_id = await with_a_case_at_the_township(land)
        hub = land.hub.desk
        case = await custody.take_custody(hub, OPERATOR, case_id, HUB, "火灾", destroyed=True)
        assert not case.unanswered
        assert case.custodian == HUB


async def test_facts_set_aside_are_adopted_or_reversed_by_a_named_person(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        first = await with_a_case_at_the_township(land)
        second = await take_in(land.village)
        await land.settle()
        for case_id in (first, second):
            await accept.accept(land.township.desk, CLERK, case_id)
        land.clock.at += LONG
        hub = land.hub.desk
        for case_id in (first, second):
            await custody.take_custody(hub, OPERATOR, case_id, HUB, "乡镇断线")
        await land.settle()
        case = await custody.settle_aside(hub, CHIEF, first, "乡镇已依法受理", adopt=True)
        assert case.state is State.ACCEPTED
        case = await custody.settle_aside(hub, CHIEF, second, "受理有误", adopt=False)
        assert case.state is State.RECEIVED
        await land.settle()
        for box in (land.hub, land.township, land.village):
            for case_id, state in ((first, State.ACCEPTED), (second, State.RECEIVED)):
                case = await seen_at(box, case_id)
                assert not case.set_aside
                assert case.state is state
        with pytest.raises(CaseworkError, match="nothing is set aside"):
            await custody.settle_aside(hub, CHIEF, first, "再来", adopt=True)


async def test_a_case_given_to_a_node_that_could_not_read_it_is_cited_there_and_back(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await make_checkpoint(land.hub.exchange)
        case_id = await take_in(land.village, "YL-0002")
        await land.settle()
        assert await land.township.vault.read(lambda tx: cases.find(tx, str(case_id))) is None
        hub = land.hub.desk
        await custody.take_custody(hub, OPERATOR, case_id, TOWNSHIP, "由镇里上门核查")
        await land.settle()
        case = await seen_at(land.township, case_id)
        assert case.custodian == TOWNSHIP
        assert case.submitted is not None
        assert case.submitted.application.applicant.name == "王桂芳"
        await review.review(land.township.desk, CLERK, case_id, "已上门，属实", favourable=True)
        await land.settle()
        for box in (land.hub, land.village):
            case = await seen_at(box, case_id)
            assert any(step.note == "已上门，属实" for step in case.steps), "the village reads it too"
        before = await rows_of(land.hub, case_id)
        await land.settle()
        assert await rows_of(land.hub, case_id) == before, "each entry is cited once"


async def test_who_gave_a_case_back_is_shown_no_more_of_it(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await make_checkpoint(land.hub.exchange)
        case_id = await take_in(land.village, "YL-0002")
        await land.settle()
        hub = land.hub.desk
        await custody.take_custody(hub, OPERATOR, case_id, TOWNSHIP, "由镇里上门核查")
        await land.settle()
        await review.review(land.township.desk, CLERK, case_id, "已上门，属实", favourable=True)
        await land.settle()
        before = await rows_of(land.township, case_id)
        assert (await seen_at(land.hub, case_id)).custodian == HUB, "the township handed it on"
        await accept.accept(hub, CLERK, case_id)
        await decide.decide(hub, CHIEF, case_id, Outcome.GRANTED, "符合")
        await land.settle()
        assert await rows_of(land.township, case_id) == before
        assert (await seen_at(land.village, case_id)).state is State.DECIDED


async def test_an_adopted_handover_hands_over(tmp_path: Path) -> None:
    async with county(tmp_path) as land:
        await land.settle(1)
        await make_checkpoint(land.hub.exchange)
        case_id = await take_in(land.village, "YL-0001")
        await land.settle()
        await review.review(land.township.desk, CLERK, case_id, "属实", favourable=True)
        land.clock.at += LONG
        hub = land.hub.desk
        await custody.take_custody(hub, OPERATOR, case_id, VILLAGE, "乡镇断线")
        await make_checkpoint(land.hub.exchange)
        await land.settle()
        assert {one.kind for one in (await seen_at(land.village, case_id)).set_aside} == {
            "first_reviewed",
            "handed_over",
        }
        await custody.settle_aside(land.village.desk, CHIEF, case_id, "照原来的办", adopt=True)
        await land.settle()
        for box in (land.hub, land.township, land.village):
            case = await seen_at(box, case_id)
            assert case.custodian == HUB
            assert not case.set_aside


async def rows_of(box: Box, case_id: UUID) -> int:
    return len(await box.vault.read(lambda tx: entries.of_case(tx, str(case_id))))


async def test_custody_goes_to_no_node_that_is_unknown_or_revoked(tmp_path: Path) -> None:
    async with county(tmp_path, (VILLAGE, NEIGHBOUR)) as land:
        case_id = await with_a_case_at_the_township(land)
        await land.revoke(NEIGHBOUR)
        for nobody in (NEIGHBOUR, NodeId("130638-0999")):
            with pytest.raises(CaseworkError, match="no such node"):
                await custody.take_custody(land.hub.desk, OPERATOR, case_id, nobody, "火灾", destroyed=True)
        with pytest.raises(CaseworkError, match="not the hub"):
            await custody.take_custody(land.township.desk, OPERATOR, case_id, HUB, "火灾", destroyed=True)
        with pytest.raises(CaseworkError, match="no reason"):
            await custody.take_custody(land.hub.desk, OPERATOR, case_id, HUB, " ", destroyed=True)
