"""Covers and figures of one session: what it may miss and nothing depends on (docs/spec/session.md §8)."""

from common.domain.node import NodeId
from common.exchange import covering, figuring
from common.exchange.exchange import Exchange
from common.exchange.inventory import Inventory
from common.sync.events import Event
from common.sync.extensions import Cover, Figures, FiguresHave, FiguresMark, Uncovered, UncoveredHead
from common.sync.greeting import Role
from common.sync.limits import Limits
from common.sync.session import Session


class Extras:
    """Asks for covers and hands figures up at the lower node; answers and keeps at the upper one."""

    def __init__(self, exchange: Exchange, role: Role, lower: NodeId) -> None:
        """Take whose session it is; ``lower`` is the node whose scope is spoken about."""
        self._exchange, self._below, self._lower = exchange, role is Role.DIALER, lower
        self._uncovered: list[UncoveredHead] = []
        self._marks: list[FiguresMark] = []
        self._asked: list[UncoveredHead] = []
        self._theirs: list[FiguresMark] = []
        self._covers: list[bytes] = []
        self._figures: list[bytes] = []

    async def take_stock(self, mine: Inventory) -> None:
        """Note what to ask for, or what is here, before anything is said."""
        if self._below:
            self._uncovered = await covering.uncovered(self._exchange, mine)
        else:
            self._marks = await figuring.marks(self._exchange, self._lower)

    def tell(self, session: Session, limits: Limits) -> None:
        """Say it."""
        session.uncovered(self._uncovered[: limits.uncovered])
        session.figures_have(self._marks[: limits.figures])

    def heed(self, event: Event) -> None:
        """Note what the other side says of covers and figures; other events are nobody's here."""
        match event:
            case Uncovered(heads=heads):
                self._asked += heads
            case FiguresHave(marks=marks):
                self._theirs += marks
            case Cover(cover=cover):
                self._covers.append(cover)
            case Figures(statement=statement):
                self._figures.append(statement)

    async def give(self, session: Session, limits: Limits) -> None:
        """Send the covers asked for; from below, the figures that are news above."""
        for cover in await covering.answers(self._exchange, self._lower, self._asked, limits.covers):
            session.cover(cover)
        if self._below:
            known = next((mark for mark in self._theirs if mark.node == self._exchange.node), None)
            await figuring.say_own(self._exchange, known)
            for statement in (await figuring.newer(self._exchange, self._theirs))[: limits.figures]:
                session.figures(statement)

    async def keep(self) -> None:
        """Keep what came and holds."""
        came, self._covers = self._covers, []
        said, self._figures = self._figures, []
        await covering.keep_covers(self._exchange, self._lower, came)
        if not self._below:
            await figuring.keep_figures(self._exchange, self._lower, said)
