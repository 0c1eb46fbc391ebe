"""The simulated county and its people; exchange, casework and database files are production's."""

import asyncio
import atexit
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar
from uuid import UUID

from common.casework import (
    accept,
    attachments,
    correct,
    custody,
    decide,
    hand_out,
    issue,
    notice,
    receive,
    review,
    withdraw,
)
from common.casework.desk import Desk
from common.casework.sweeping import sweep
from common.domain.application import MaterialGiven
from common.domain.bodies.facts import MissingThing, Outcome
from common.domain.grants import Actor, Role
from common.domain.node import NodeId
from common.domain.spoken_error import SpokenError
from common.exchange.checkpoints import make_checkpoint
from common.exchange.purging import purge
from common.exchange.relaying import let_go_carried
from common.journal.named_files import named_files
from common.store import cases, entries, journals
from common.store.case_rows import CaseRow
from common.store.engine import Tx
from tests.builders.archives import say_all_safe
from tests.builders.cases import APPLICANT, HUB, TOWNSHIP, VILLAGE, application
from tests.builders.county import NEIGHBOUR, Box, County
from tests.builders.desks import CHIEF, CLERK, HELPER

NODES = (HUB, TOWNSHIP, VILLAGE, NEIGHBOUR)
VILLAGES = (VILLAGE, NEIGHBOUR)
SECRET_NAME = "慕容秘"
"""Applicant of every sensitive case: to be found nowhere at the township."""
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
Place = tuple[bytes, int]
"""A journal's digest and a number there."""


async def _issue(desk: Desk, case_id: UUID) -> object:
    file = await attachments.keep_file(desk, _PAPER + case_id.bytes, "application/pdf")
    number = await issue.reserve_number(desk, "雄县行政审批")
    return await issue.issue(
        desk, CHIEF, case_id, paper="decision", number=number, template="decision-1", file=file
    )


def _review(desk: Desk, case_id: UUID) -> Awaitable[object]:
    by = CHIEF if desk.seat.node == HUB else CLERK
    return review.review(desk, by, case_id, "材料属实", favourable=True)


Step = Callable[[Desk, UUID], Awaitable[object]]
BY_CUSTODIAN: dict[str, Step] = {
    "review": _review,
    "accept": lambda desk, of: accept.accept(desk, CHIEF, of),
    "notice": lambda desk, of: notice.give_notice(desk, CHIEF, of, (MissingThing("m1", "残疾人证"),)),
    "take_correction": lambda desk, of: correct.take_correction(desk, CHIEF, of),
    "decide": lambda desk, of: decide.decide(desk, CHIEF, of, Outcome.GRANTED, "符合条件"),
    "grant_withdrawal": lambda desk, of: withdraw.grant_withdrawal(desk, CHIEF, of),
    "refuse_withdrawal": lambda desk, of: withdraw.refuse_withdrawal(desk, CHIEF, of, "决定已经作出"),
    "issue": _issue,
    "adopt": lambda desk, of: custody.settle_aside(desk, CHIEF, of, "原站点办得对", adopt=True),
    "reverse": lambda desk, of: custody.settle_aside(desk, CHIEF, of, "原站点办得不对", adopt=False),
}
AT_THE_COUNTER: dict[str, Step] = {
    "hand_out": lambda desk, of: hand_out.hand_out(desk, HELPER, of, "本人"),
    "correct": lambda desk, of: correct.correct(desk, HELPER, of, (MaterialGiven("m1", copies=1),)),
    "ask_withdrawal": lambda desk, of: withdraw.ask_withdrawal(desk, HELPER, of, "不办了"),
}
OPERATOR = Actor("admin", "县管理员", frozenset({Role.ADMINISTRATOR}))
STEPS = BY_CUSTODIAN | AT_THE_COUNTER


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An application somebody holds a receipt for."""

    case_id: UUID
    number: str
    node: NodeId


@dataclass
class World:
    """A county, what its people were told, and how often they were refused.

    Attributes:
        backed_up: every entry the hub's newest backup has with its body and the files it names: what a hub
            that is lost comes back with.
        given: every receipt number ever given, of cases lost with a disk too.
        copies: folders a box's files were copied to, by node, the earliest first.
        copied: how many copies were made.
        coming_home: cases a restored box took in, which others hold and it has not again yet.
    """

    land: County
    taken: list[TakenIn] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    said: dict[tuple[NodeId, NodeId], bytes] = field(default_factory=dict)
    heads: dict[tuple[NodeId, str, bytes], tuple[int, int]] = field(default_factory=dict)
    backed_up: frozenset[Place] = frozenset()
    given: list[str] = field(default_factory=list)
    copies: dict[NodeId, list[Path]] = field(default_factory=dict)
    copied: int = 0
    coming_home: set[UUID] = field(default_factory=set)

    def box(self, node: NodeId) -> Box:
        return self.land.boxes[node]

    def locked(self, node: NodeId) -> bool:
        return self.box(node).exchange.unlocked is None

    async def take_in(self, node: NodeId, what: str, number: int = 1, *, picture: bool = False) -> None:
        """Take applications in, all or none; a receipt given is remembered for ever."""
        if self.locked(node):
            return
        desk, form = self.box(node).desk, FORMS[what]
        if node == TOWNSHIP:  # what it takes in itself it may read
            form = replace(form, applicant=APPLICANT)
        if picture:
            file = await attachments.keep_file(desk, _PICTURE, "image/jpeg", "照片")
            form = replace(form, materials=(*form.materials, MaterialGiven("m3", files=(file,))))
        for taken in await self._heard(receive.receive_many(desk, HELPER, [form] * number)) or ():
            self.taken.append(TakenIn(taken.case_id, str(taken.number), node))
            self.given.append(str(taken.number))

    async def handle(self, node: NodeId, step: str, choice: int) -> None:
        """Let somebody at ``node`` take one step in a case the node knows; a refusal changes nothing."""
        if self.locked(node):
            return
        found = [await self.row(node, one.case_id) for one in self.taken]
        known = [case for case in found if case is not None]
        if step in BY_CUSTODIAN:
            known = [case for case in known if case.custodian == str(node)]
        if known:
            case_id = UUID(known[choice % len(known)].case_id)
            await self._heard(STEPS[step](self.box(node).desk, case_id))

    async def take_custody(self, choice: int, to: NodeId) -> None:
        """Let the hub give an ordinary case to another node; the township must never read a secret one."""
        rows = [await self.row(HUB, one.case_id) for one in self.taken]
        known = [row for row in rows if row is not None and not row.sensitive]
        if known:
            of = UUID(known[choice % len(known)].case_id)
            await self._heard(custody.take_custody(self.box(HUB).desk, OPERATOR, of, to, "断线"))

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

    async def walk(self, node: NodeId) -> None:
        """Take a case in that the village itself decides, and walk it to its end at once."""
        before = len(self.taken)
        await self.take_in(node, "village decides")
        if len(self.taken) > before:
            for step in ("accept", "decide", "hand_out"):
                await self._heard(STEPS[step](self.box(node).desk, self.taken[-1].case_id))

    async def back_up(self) -> None:
        """Take a backup of the hub and verify it: what is in it is said to be safe."""
        opened = self.box(HUB).exchange.open

        async def read(tx: Tx) -> frozenset[Place]:
            whole = set[Place]()
            for head in await journals.heads(tx):
                rows = await entries.from_number(tx, head.id, 1, 100_000)
                for row in rows:
                    names = [ref.name for ref in named_files(row.kind, row.body)]
                    if row.body is not None and all(map(self.box(HUB).exchange.files.has, names)):
                        whole.add((head.digest, row.number))
            await say_all_safe(tx)
            return frozenset(whole)

        self.backed_up = await opened.write(read)

    async def let_go(self, node: NodeId) -> None:
        """Let everything leave a node's disk that its rules let go."""
        if not self.locked(node):
            await purge(self.box(node).exchange)
            await let_go_carried(self.box(node).exchange)

    async def row(self, node: NodeId, case_id: UUID) -> CaseRow | None:
        return await self.box(node).vault.read(lambda tx: cases.find(tx, str(case_id)))

    async def close(self) -> None:
        await self.land.close()
        await asyncio.to_thread(shutil.rmtree, self.land.folder.parent)


_TEMPLATE: list[County] = []


async def new_world() -> World:
    """Return a county of four nodes that know one another; made once a process, then copied."""
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
    folder = Path(mkdtemp(prefix="county-", dir=_MEMORY if _MEMORY.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
