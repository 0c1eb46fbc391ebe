"""docs/spec/folder.md §2, and what it needs of session.md §1 and §2."""

from functools import partial
from typing import Any

from tests.second_decoder.journal import NODE, Journal, hashed
from tests.second_decoder.statement import instant, statement
from tests.second_decoder.wire import Cursor, insist, whole

HELLO, HAVE, MARKS, ASK, TOLD, RECEIPT = 0x01, 0x03, 0x04, 0x05, 0x06, 0x0C
ORDER = [HELLO, HAVE, MARKS, ASK, TOLD, RECEIPT]
ANY = rb"(?s:.*)"


def word(data: bytes, public: bytes) -> dict[str, Any]:
    cursor = Cursor(data)
    insist(cursor.fixed(4) == b"JJW1")
    said = statement(cursor.blob(16_640), public)
    insist(said["type"] == "have" and said["role"] in {0, 1})
    frames = cursor.rest()
    shown: dict[str, Any] = {"signer": said["signer"], **_claim(said["payload"], frames)}
    shown |= {"heads": [], "marks": [], "asked": [], "receipts": []}
    kinds = []
    rest = Cursor(frames)
    while rest.left:
        kind, payload = _frame(rest)
        if kind < 0x80:
            insist(kind in ORDER)
            kinds.append(kind)
            whole(payload, partial(_say, kind, shown))
    places = [ORDER.index(kind) for kind in kinds]
    insist(places == sorted(places))
    insist(kinds[:1] == [HELLO] and kinds.count(HELLO) == kinds.count(TOLD) == 1)
    return shown


def _claim(payload: bytes, frames: bytes) -> dict[str, Any]:
    def read(cursor: Cursor) -> dict[str, Any]:
        claim = {"epoch": cursor.fixed(16).hex(), "counter": cursor.counted(), "issued_ms": instant(cursor)}
        insist(cursor.uint(67_108_864) == len(frames))
        insist(cursor.fixed(32) == hashed("jiujin/word/1", frames))
        return claim

    return whole(payload, read)


def _frame(cursor: Cursor) -> tuple[int, bytes]:
    length = int.from_bytes(cursor.fixed(4), "big")
    insist(1 <= length <= 1_049_600)
    data = cursor.fixed(length)
    return data[0], data[1:]


def _say(kind: int, shown: dict[str, Any], cursor: Cursor) -> None:
    if kind == HELLO:
        _hello(cursor, shown)
    elif kind == RECEIPT:
        shown["receipts"].append(cursor.blob(16_640).hex())
    elif kind != TOLD:
        names = {HAVE: "heads", MARKS: "marks", ASK: "asked"}
        items = cursor.items(2_000, {HAVE: _head, MARKS: _mark, ASK: _name}[kind])
        insist(items)
        shown[names[kind]] += items


def _hello(cursor: Cursor, shown: dict[str, Any]) -> None:
    lowest, highest = cursor.uint(), cursor.uint()
    insist(1 <= lowest <= highest)
    insist(cursor.text(16, NODE) == shown["signer"])
    insist(cursor.fixed(16).hex() == shown["epoch"])
    insist(cursor.text(16, NODE) == shown["signer"])
    cursor.text(64, ANY)
    cursor.sint()
    shown["checkpoint"] = cursor.blob(4_096).hex()
    cursor.blob(4_096)


def _head(cursor: Cursor) -> list[Any]:
    journal = Journal(cursor)
    return [journal.raw.hex(), cursor.counted(), cursor.fixed(32).hex()]


def _mark(cursor: Cursor) -> list[Any]:
    return [cursor.fixed(32).hex(), cursor.text(16, NODE), cursor.fixed(16).hex(), cursor.uint()]


def _name(cursor: Cursor) -> str:
    return cursor.fixed(32).hex()
