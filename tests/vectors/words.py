"""Vectors of a node's word in a folder (docs/spec/folder.md §2)."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

from common.domain.times import to_milliseconds
from common.journal.have_statement import HaveStatement
from common.journal.statement import KeyRole, Statement, sign_statement
from common.sync.frames import frame
from common.sync.listed import Head, ReceiptMark
from common.sync.messages import Ask, Done, Have, Hello, Message, Receipt, ReceiptsHave, encode
from common.sync.word import WORD_MAX, Word, WordReader, head_of
from tests.common.journal.samples import HUB, JOURNAL, NOW, SIGNING, TOWNSHIP, VILLAGE, seed

Named = Iterator[tuple[str, dict[str, Any]]]
FORM = {"error": "form"}
EPOCH = seed("epoch", 16)
HELLO = Hello(1, 1, VILLAGE, EPOCH, VILLAGE, "jiujin", to_milliseconds(NOW), b"checkpoint")
WORD = Word(
    HELLO,
    (Head(JOURNAL, 7, seed("head")),),
    (ReceiptMark(JOURNAL.digest(), HUB, seed("hub epoch", 16), 3),),
    (seed("attachment"),),
    (b"receipt one", b"receipt two"),
)


def _said(frames: bytes, **changes: Any) -> HaveStatement:
    said = HaveStatement(EPOCH, 4, NOW, len(frames), sha256(b"jiujin/word/1\0" + frames).digest())
    return replace(said, **changes)


def _signed(said: HaveStatement, role: KeyRole = KeyRole.SIGNING) -> Statement:
    return said.sign(VILLAGE, 1, SIGNING[VILLAGE], role)


def _vector(data: bytes, expect: dict[str, Any], by: bytes | None = None) -> dict[str, Any]:
    return {"bytes": data.hex(), "signing": (by or SIGNING[VILLAGE].public()).hex(), "expect": expect}


def _of(frames: bytes) -> bytes:
    return head_of(_signed(_said(frames))) + frames


def described(reader: WordReader, messages: list[Message]) -> dict[str, Any]:
    """Return a word as vectors show it."""
    assert reader.statement is not None
    assert reader.said is not None
    shown: dict[str, Any] = {
        "signer": reader.statement.signer.text,
        "epoch": reader.said.epoch.hex(),
        "counter": reader.said.counter,
        "issued_ms": to_milliseconds(reader.said.issued),
        "heads": [],
        "marks": [],
        "asked": [],
        "receipts": [],
    }
    for message in messages:
        match message:
            case Hello(checkpoint=checkpoint):
                shown["checkpoint"] = checkpoint.hex()
            case Have(heads=heads):
                shown["heads"] += [[one.journal.encode().hex(), one.number, one.hash.hex()] for one in heads]
            case ReceiptsHave(marks=marks):
                shown["marks"] += [
                    [one.journal.hex(), one.receiver.text, one.epoch.hex(), one.counter] for one in marks
                ]
            case Ask(names=names):
                shown["asked"] += [name.hex() for name in names]
            case Receipt(statement=statement):
                shown["receipts"].append(statement.hex())
    return shown


def read(data: bytes, public: bytes) -> dict[str, Any]:
    """Return what a word says, its signature checked."""
    reader = WordReader()
    messages = reader.feed(data)
    reader.end()
    assert reader.statement is not None
    reader.statement.verify(public)
    return described(reader, messages)


def words() -> Named:
    """Yield words."""
    hello, have, marks, ask, told, first, second = parts = list(WORD.frames())
    frames = b"".join(parts)
    good = _of(frames)
    yield "good", _vector(good, read(good, SIGNING[VILLAGE].public()))
    least = _of(hello + told)
    yield "good-with-nothing-to-say", _vector(least, read(least, SIGNING[VILLAGE].public()))
    locked = head_of(_signed(_said(frames), KeyRole.RECEIPT)) + frames
    yield "good-by-the-receipt-key", _vector(locked, read(good, SIGNING[VILLAGE].public()))
    extended = _of(frames + frame(0x80, b"later"))
    yield "good-with-an-extension", _vector(extended, read(good, SIGNING[VILLAGE].public()))
    bad = {
        "no-hello": have + told,
        "two-hellos": hello + hello + told,
        "lists-out-of-order": hello + marks + have + told,
        "receipt-before-told": hello + first + told,
        "list-after-told": hello + told + ask,
        "told-twice": hello + told + told + second,
        "never-told": hello + have,
        "a-message-of-sessions": hello + told + frame(Done.TYPE, encode(Done())),
        "an-unknown-frame": hello + told + frame(0x7F, b""),
        "a-frame-cut-off": hello + told + first[:-1],
        "hello-of-another-node": frame(Hello.TYPE, encode(replace(HELLO, node=TOWNSHIP))) + told,
        "hello-of-another-scope": frame(Hello.TYPE, encode(replace(HELLO, scope=TOWNSHIP))) + told,
        "hello-of-another-epoch": frame(Hello.TYPE, encode(replace(HELLO, epoch=bytes(16)))) + told,
    }
    for name, broken in bad.items():
        yield name, _vector(_of(broken), FORM)
    claims = {
        "size-too-small": _said(frames, size=len(frames) - 1),
        "size-too-large": _said(frames, size=len(frames) + 1),
        "size-above-the-limit": _said(frames, size=WORD_MAX + 1),
        "another-digest": _said(frames, digest=seed("other")),
    }
    for name, said in claims.items():
        yield name, _vector(head_of(_signed(said)) + frames, FORM)
    payload = _said(frames).encode()
    statements = {
        "counter-0": payload[:16] + b"\0" + payload[17:],
        "statement-payload-cut": payload[:-1],
        "statement-payload-with-more": payload + b"\0",
    }
    for name, wrong in statements.items():
        statement = sign_statement("have", wrong, VILLAGE, 1, SIGNING[VILLAGE])
        yield name, _vector(head_of(statement) + frames, FORM)
    other = sign_statement("receipt", payload, VILLAGE, 1, SIGNING[VILLAGE])
    yield "statement-of-another-type", _vector(head_of(other) + frames, FORM)
    rooted = sign_statement("have", payload, VILLAGE, 1, SIGNING[VILLAGE], KeyRole.ROOT)
    yield "by-the-root-key", _vector(head_of(rooted) + frames, FORM)
    yield "another-magic", _vector(b"JJW2" + good[4:], FORM)
    yield "cut-off", _vector(good[:-1], FORM)
    yield "bytes-after-the-end", _vector(good + b"\0", FORM)
    yield "signed-by-another", _vector(good, {"error": "signature"}, SIGNING[TOWNSHIP].public())
