"""Words of other nodes: read, checked, their receipts and checkpoints kept (docs/spec/folder.md §2, §3)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from common.crypto.errors import BadSignatureError
from common.crypto.wire import FormatError
from common.domain.node import NodeId
from common.domain.times import to_milliseconds
from common.exchange.believing import Heard
from common.exchange.checkpoints import hear_checkpoint
from common.exchange.exchange import Exchange
from common.exchange.inventory import Inventory
from common.exchange.network import Network
from common.exchange.receipts import keep
from common.exchange.scope import Shared, scope_of
from common.exchange.speaking import last_counter
from common.journal.have_statement import HaveStatement
from common.journal.receipt import read_receipt
from common.journal.statement import KeyRole, Statement
from common.link.folder.errors import FileError
from common.link.folder.layout import NODES, node_of, word_file
from common.link.folder.limits import WORD_MAX, WORDS_MAX
from common.link.folder.medium import Drawer
from common.link.folder.report import FolderReport
from common.link.folder.walking import Walk, drawer_opened
from common.sync.errors import BrokenRuleError
from common.sync.listed import Head, ReceiptMark
from common.sync.messages import Ask, Have, Hello, Message, Receipt, ReceiptsHave
from common.sync.word import HEAD_MAX, WordReader

_SLICE = 500


@dataclass(slots=True)
class Hearing:
    """What the words of a folder say.

    Attributes:
        others: by node.
        own: what this node signed when it was here last, None where that word is not whole.
    """

    others: dict[NodeId, Heard] = field(default_factory=dict)
    own: HaveStatement | None = None


@dataclass(slots=True)
class _Collected:
    """What is worth keeping of one word while it is read."""

    checkpoint: bytes = b""
    heads: list[Head] = field(default_factory=list)
    marks: list[ReceiptMark] = field(default_factory=list)
    asked: set[bytes] = field(default_factory=set)
    receipts: list[bytes] = field(default_factory=list)


class Listener:
    """Hears the words of one folder for one node."""

    def __init__(self, exchange: Exchange, known: Inventory, report: FolderReport) -> None:
        """Take what this node knows already, so that nothing known is kept again."""
        self._exchange, self._report = exchange, report
        self._network: Network = exchange.network
        self._scope: Shared = scope_of(exchange.node, exchange.network)
        self._known: Mapping[tuple[bytes, NodeId], ReceiptMark] = {
            (mark.journal, mark.receiver): mark for mark in known.receipts
        }

    async def hear_all(self, top: Drawer, walk: Walk) -> Hearing:
        """Hear every word that holds."""
        hearing = Hearing()
        async with drawer_opened(top, NODES) as drawer:
            if drawer is None:
                return hearing
            async for files in walk.slices(drawer):
                for node in filter(None, map(node_of, files)):
                    if len(hearing.others) < WORDS_MAX:
                        await self._hear(drawer, node, hearing)
        return hearing

    async def _hear(self, drawer: Drawer, node: NodeId, hearing: Hearing) -> None:
        try:
            said, found = await asyncio.to_thread(self._read, drawer, node)
        except FileError as error:
            self._report.passed_over[error.reason] += 1
            return
        if node == self._exchange.node:
            hearing.own = said
            counter = await self._exchange.open.read(lambda tx: last_counter(tx, self._exchange.epoch))
            self._report.rolled_back |= said.epoch == self._exchange.epoch and said.counter > counter
            return
        self._report.words.add(node)
        await hear_checkpoint(self._exchange, found.checkpoint)
        for start in range(0, len(found.receipts), _SLICE):
            news = await keep(self._exchange, found.receipts[start : start + _SLICE])
            self._report.receipts_in += news
        hearing.others[node] = Heard(
            node,
            said.epoch,
            to_milliseconds(said.issued),
            tuple(found.heads),
            tuple(found.marks),
            frozenset(found.asked),
        )

    def _read(self, drawer: Drawer, node: NodeId) -> tuple[HaveStatement, _Collected]:
        """Read one word from its file.

        Raises:
            FileError: it does not hold, or nobody known says it.
        """
        reader, found = WordReader(), _Collected()
        checked = False
        with drawer.reading(word_file(node), WORD_MAX + HEAD_MAX) as file:
            try:
                for piece in file:
                    messages = reader.feed(piece)
                    if not checked and reader.statement is not None:
                        self._insist_on_signer(reader.statement, node)
                        checked = True
                    for message in messages:
                        self._collect(message, found)
                reader.end()
            except BrokenRuleError as error:
                raise FileError("bad_word") from error
        if reader.said is None:
            raise FileError("bad_word")
        return reader.said, found

    def _insist_on_signer(self, statement: Statement, node: NodeId) -> None:
        """Insist that this very node says it, with keys that hold.

        Raises:
            FileError: it does not.
        """
        cert = self._network.signer(statement.signer, statement.generation)
        if statement.signer != node or cert is None:
            raise FileError("unknown_node")
        if self._network.revoked(statement.signer, statement.generation):
            raise FileError("revoked_node")
        try:
            statement.verify(cert.receipt if statement.role is KeyRole.RECEIPT else cert.signing)
        except BadSignatureError as error:
            raise FileError("bad_signature") from error

    def _collect(self, message: Message, found: _Collected) -> None:
        match message:
            case Hello(checkpoint=checkpoint):
                found.checkpoint = checkpoint
            case Have(heads=heads):
                found.heads += [one for one in heads if one.journal.audience.text in self._scope.audiences]
            case ReceiptsHave(marks=marks):
                found.marks += marks
            case Ask(names=names):
                found.asked |= {*names}
            case Receipt(statement=statement):
                if self._is_news(statement):
                    found.receipts.append(statement)

    def _is_news(self, data: bytes) -> bool:
        """Whether a receipt is of this node's scope and not known; whether it holds is asked later."""
        try:
            receipt = read_receipt(Statement.decode(data))
        except FormatError:
            return False
        journal = receipt.journal
        if not self._scope.receipt(journal.audience.text, receipt.receiver):
            return False
        known = self._known.get((journal.digest(), receipt.receiver))
        return known is None or known.epoch != receipt.receiver_epoch or known.counter < receipt.counter
