"""A tiny country to exchange in: nodes with an in-memory store and the smallest driver a session can have."""

import random
from collections import Counter
from dataclasses import dataclass, field

from common.crypto.hashing import digest
from common.domain.audience import Audience
from common.domain.node import NodeId
from common.journal.ids import JournalId, parcel_name
from common.sync.events import ChunkCame, Closed, Compared, Declined, Event, Gone, Greeted
from common.sync.greeting import Role
from common.sync.have import compare, have_digest, receipts_lacking
from common.sync.limits import CHUNK, Limits
from common.sync.listed import Head, Offer, ParcelKind, Priority, ReceiptMark
from common.sync.messages import Ask, Fork, Have, Hello, Offers, Receipt, ReceiptsHave, Told
from common.sync.offers import plan_offers, ranked
from common.sync.session import Session

VILLAGE, TOWNSHIP, HUB = NodeId("130638-0417"), NodeId("130638-0003"), NodeId("130638-0001")
EPOCH = bytes(range(16))


def hello(node: NodeId = VILLAGE, scope: NodeId = VILLAGE, **other: object) -> Hello:
    given: dict[str, object] = {
        "lowest": 1,
        "highest": 1,
        "epoch": EPOCH,
        "program": "0.1.0",
        "time": 1_700_000_000_000,
    }
    return Hello(node=node, scope=scope, **{**given, **other})  # type: ignore[arg-type]


def journal(writer: NodeId = VILLAGE, epoch: int = 1) -> JournalId:
    return JournalId(
        writer, bytes([epoch]) * 16, Audience.county(writer) if not writer.is_hub else Audience("public")
    )


def hash_at(of: JournalId, number: int) -> bytes:
    return digest(b"test/chain\0", of.digest(), number.to_bytes(8, "big"))


def content(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def batch(data: bytes, of: JournalId, first: int, last: int, priority: Priority = Priority.NORMAL) -> Offer:
    return Offer(parcel_name(data), len(data), ParcelKind.BATCH, of.digest(), first, last, priority)


def attachment(data: bytes, of: Offer) -> Offer:
    return Offer(parcel_name(data), len(data), ParcelKind.ATTACHMENT, of.journal, of.first, of.last)


@dataclass
class Node:
    """A store, and the driver that answers a session's events from it."""

    id: NodeId
    scope: NodeId = VILLAGE
    parcels: dict[bytes, bytes] = field(default_factory=dict)
    offers: dict[bytes, Offer] = field(default_factory=dict)
    partial: dict[bytes, bytes] = field(default_factory=dict)
    journals: dict[bytes, JournalId] = field(default_factory=dict)
    receipts: set[ReceiptMark] = field(default_factory=set)
    names: dict[bytes, tuple[Offer, ...]] = field(default_factory=dict)
    stored: Counter[tuple[bytes, int]] = field(default_factory=Counter)
    seen: list[Event] = field(default_factory=list)

    def connect(self, limits: Limits | None = None) -> None:
        role = Role.DIALER if self.id == self.scope else Role.ANSWERER
        self.session = Session(role, hello(self.id, self.scope), limits or Limits())
        self.theirs: list[Head] = []
        self.marks: list[ReceiptMark] = []
        self.asked: list[bytes] = []
        self.sent: Counter[tuple[bytes, int]] = Counter()

    def hold(self, of: JournalId, offer: Offer, data: bytes, attachments: tuple[Offer, ...] = ()) -> None:
        self.journals[of.digest()] = of
        self.parcels[offer.name], self.offers[offer.name] = data, offer
        self.names[offer.name] = attachments

    def batches(self, key: bytes) -> list[Offer]:
        return [o for o in self.offers.values() if o.kind is ParcelKind.BATCH and o.journal == key]

    def heads(self) -> list[Head]:
        found = []
        for key, of in self.journals.items():
            number = 0
            for offer in sorted(self.batches(key), key=lambda o: o.first):
                number = offer.last if offer.first == number + 1 else number
            if number:
                found.append(Head(of, number, hash_at(of, number)))
        return found

    def lacking(self) -> list[bytes]:
        return sorted({a.name for named in self.names.values() for a in named} - self.parcels.keys())

    def hear(self, events: list[Event]) -> None:
        self.seen += events
        for event in events:
            self.answer(event)
        if self.session.may_finish:
            self.session.done()

    def answer(self, event: Event) -> None:  # noqa: C901, PLR0912
        match event:
            case Greeted():
                compared = self.session.digest(have_digest(self.heads(), self.receipts))
                if compared:
                    self.answer(compared)
            case Compared(same=same):
                self.same = same
                if not same:
                    self.session.have(self.heads())
                    self.session.receipts_have(self.receipts)
                self.session.ask(self.lacking())
                self.session.told()
            case Have(heads=heads):
                self.theirs += heads
            case ReceiptsHave(marks=marks):
                self.marks += marks
            case Ask(names=names):
                self.asked += names
            case Told():
                self.give()
            case Offers(offers=offers):
                for offer in offers:
                    if offer.name not in self.parcels:
                        self.session.take(offer.name, len(self.partial.get(offer.name, b"")) // CHUNK)
            case ChunkCame():
                self.store(event)
            case Receipt(statement=statement):
                self.receipts.add(unpacked(statement))
            case Closed() | Declined() | Gone() | Fork() | _:
                pass

    def give(self) -> None:
        lacks = () if self.same else compare(self.heads(), self.theirs, hash_at).lacks
        plan = plan_offers(lacks, {key: self.batches(key) for key in self.journals})
        named = {a.name: a for o in plan for a in self.names[o.name]}
        named |= {name: self.offers[name] for name in self.asked if name in self.parcels}
        held = [offer for name, offer in named.items() if name in self.parcels]
        self.session.offer(ranked([*plan, *held]))
        if not self.same:
            for mark in receipts_lacking(self.receipts, self.marks, lambda *_: False):
                self.session.receipt(packed(mark))
        self.session.offered()

    def store(self, came: ChunkCame) -> None:
        name = came.offer.name
        self.stored[name, came.index] += 1
        assert came.index * CHUNK == len(self.partial.get(name, b""))
        self.partial[name] = self.partial.get(name, b"") + came.data
        if not came.last:
            return
        data = self.partial.pop(name)
        if parcel_name(data) != name:
            raise self.session.accuse("a parcel's hash is not its name")
        self.parcels[name], self.offers[name] = data, came.offer
        if came.offer.kind is ParcelKind.BATCH:
            of, attachments = WORLD[name]
            self.hold(of, came.offer, data, attachments)

    def output(self) -> bytes:
        out = bytearray(self.session.data_to_send())
        while (wanted := self.session.next_wanted()) is not None and len(out) < 2 * CHUNK:
            offer, index = wanted
            self.sent[offer.name, index] += 1
            self.session.send_chunk(
                offer.name, index, self.parcels[offer.name][index * CHUNK : (index + 1) * CHUNK]
            )
            out += self.session.data_to_send()
        return bytes(out)


WORLD: dict[bytes, tuple[JournalId, tuple[Offer, ...]]] = {}
"""What opening a batch would tell: its journal and the attachments it names."""


def packed(mark: ReceiptMark) -> bytes:
    return mark.journal + mark.epoch + mark.counter.to_bytes(8, "big") + mark.receiver.text.encode()


def unpacked(data: bytes) -> ReceiptMark:
    return ReceiptMark(data[:32], NodeId(data[56:].decode()), data[32:48], int.from_bytes(data[48:56], "big"))


def converse(
    left: Node, right: Node, seed: int = 0, dies_after: int | None = None, limits: Limits | None = None
) -> bool:
    """Run one session over a line that cuts bytes anywhere and may die; tell whether it finished."""
    chance = random.Random(seed)
    left.connect(limits)
    right.connect(limits)
    lines = {left.id: bytearray(), right.id: bytearray()}
    passed = 0
    while not (left.session.closed and right.session.closed):
        moved = False
        for speaker, listener in ((left, right), (right, left)):
            line = lines[speaker.id]
            if len(line) < 4 * CHUNK:
                line += speaker.output()
            size = min(len(line), chance.choice([1, 7, 300, CHUNK, 3 * CHUNK]))
            if dies_after is not None:
                size = min(size, dies_after - passed)
            passed += size
            moved = moved or bool(size)
            if size:
                listener.hear(listener.session.receive_data(bytes(line[:size])))
                del line[:size]
        if dies_after is not None and passed >= dies_after:
            left.hear(left.session.receive_data(b""))
            right.hear(right.session.receive_data(b""))
            return False
        assert moved, "the session stands still"
    return True
