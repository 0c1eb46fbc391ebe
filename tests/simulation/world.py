"""The county of the simulation: what may happen in it. Exchange, casework and database files are production's."""

import asyncio
import shutil
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar
from uuid import UUID

from common.casework import accept, attachments, correct, decide, hand_out, issue, notice, receive, review
from common.casework.sweeping import sweep
from common.domain.application import MaterialGiven, Person
from common.domain.bodies.facts import MissingThing, Outcome
from common.domain.node import NodeId
from common.domain.spoken_error import SpokenError
from common.exchange.checkpoints import make_checkpoint
from common.store import cases
from common.store.case_rows import CaseRow
from tests.builders.cases import APPLICANT, HUB, TOWNSHIP, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County
from tests.builders.desks import CHIEF, CLERK, HELPER

NODES = (HUB, TOWNSHIP, VILLAGE, NEIGHBOUR)
VILLAGES = (VILLAGE, NEIGHBOUR)
SECRET_NAME = "慕容秘"
"""Applicant of every sensitive case: to be found nowhere at the township."""
BY_CUSTODIAN = frozenset(
    {"review", "accept", "notice", "take_correction", "decide", "grant_withdrawal", "issue"}
)
ASKED = frozenset({"hand_out", "correct", "ask_withdrawal"})
FORMS = {
    "ordinary": application(
        item="YL-0001", materials=(MaterialGiven("m1", copies=1), MaterialGiven("m2", copies=1))
    ),
    "insisting": application(item="YL-0001", insisted=True),
    "sensitive": application(item="YL-0002", applicant=replace(APPLICANT, name=SECRET_NAME)),
    "village decides": application(item="YL-0003"),
    "township decides": application(item="YL-0004"),
}
_PICTURE = b"\xff\xd8\xff" + bytes(70_000)
_PAPER = b"%PDF-1.7\n" + bytes(140_000)
_MEMORY = Path("/dev/shm")  # where there is one, the files cost no waiting for a disk
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An application somebody holds a receipt for."""

    case_id: UUID
    number: str
    node: NodeId


@dataclass
class World:
    """A county, what its people were told, and how often they were refused."""

    land: County
    taken: list[TakenIn] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    said: dict[tuple[NodeId, NodeId], bytes] = field(default_factory=dict)
    heads: dict[tuple[NodeId, str, bytes], tuple[int, int]] = field(default_factory=dict)

    def box(self, node: NodeId) -> Box:
        return self.land.boxes[node]

    def locked(self, node: NodeId) -> bool:
        return self.box(node).exchange.unlocked is None

    async def take_in(self, node: NodeId, what: str, number: int = 1, *, picture: bool = False) -> None:
        """Take applications in, all or none; a receipt given is remembered for ever."""
        if self.locked(node):
            return
        desk, form = self.box(node).desk, FORMS[what]
        if picture:
            file = await attachments.keep_file(desk, _PICTURE, "照片")
            form = replace(form, materials=(*form.materials, MaterialGiven("m3", files=(file,))))
        for taken in await self._heard(receive.receive_many(desk, HELPER, [form] * number)) or ():
            self.taken.append(TakenIn(taken.case_id, str(taken.number), node))

    async def handle(self, node: NodeId, step: str, choice: int) -> None:
        """Let somebody at ``node`` take one step in one of the cases the node knows; a refusal changes nothing."""
        if self.locked(node):
            return
        found = [await self.row(node, one.case_id) for one in self.taken]
        known = [case for case in found if case is not None]
        if step in BY_CUSTODIAN:
            known = [case for case in known if case.custodian == str(node)]
        if known:
            case_id = UUID(known[choice % len(known)].case_id)
            await self._heard(self._step(self.box(node), step, case_id))

    async def _step(self, box: Box, step: str, case_id: UUID) -> object:
        desk = box.desk
        match step:
            case "review":
                by = CHIEF if box.node == HUB else CLERK
                return await review.review(desk, by, case_id, "材料属实", favourable=True)
            case "accept":
                return await accept.accept(desk, CHIEF, case_id)
            case "notice":
                return await notice.give_notice(desk, CHIEF, case_id, (MissingThing("m1", "残疾人证"),))
            case "take_correction":
                return await correct.take_correction(desk, CHIEF, case_id)
            case "decide":
                return await decide.decide(desk, CHIEF, case_id, Outcome.GRANTED, "符合条件")
            case "grant_withdrawal":
                return await correct.grant_withdrawal(desk, CHIEF, case_id)
            case "issue":
                return await _issue(box, case_id)
            case "hand_out":
                return await hand_out.hand_out(desk, HELPER, case_id, "本人")
            case "correct":
                return await correct.correct(desk, HELPER, case_id, (MaterialGiven("m1", copies=1),))
        return await correct.ask_withdrawal(desk, HELPER, case_id, "不办了")

    async def _heard(self, verb: Awaitable[T]) -> T | None:
        try:
            return await verb
        except SpokenError as refusal:
            self.refusals.append(str(refusal))
            return None

    async def night(self) -> None:
        """Sweep everywhere, and let the hub sign its time and heads."""
        for node in NODES:
            if not self.locked(node):
                await sweep(self.box(node).desk)
        await make_checkpoint(self.box(HUB).exchange, soonest=timedelta(), latest=timedelta())

    async def row(self, node: NodeId, case_id: UUID) -> CaseRow | None:
        return await self.box(node).vault.read(lambda tx: cases.find(tx, str(case_id)))

    async def close(self) -> None:
        await self.land.close()
        await asyncio.to_thread(shutil.rmtree, self.land.folder)


async def _issue(box: Box, case_id: UUID) -> object:
    file = await attachments.keep_file(box.desk, _PAPER + case_id.bytes)
    number = await issue.reserve_number(box.desk, "雄县行政审批")
    return await issue.issue(
        box.desk, CHIEF, case_id, paper="decision", number=number, template="decision-1", file=file
    )


_TEMPLATE: list[County] = []


async def new_world() -> World:
    """Return a county of four nodes that know the catalogue and one another; made once a process, then copied."""
    if not _TEMPLATE:
        land = County(_folder())
        await land.build(VILLAGES, ())
        await make_checkpoint(land.hub.exchange)
        await land.settle(1)
        await land.close()
        _TEMPLATE.append(land)
    folder = _folder()
    return World(await _TEMPLATE[0].copy(folder / "county"))


def _folder() -> Path:
    return Path(mkdtemp(prefix="county-", dir=_MEMORY if _MEMORY.is_dir() else None))
