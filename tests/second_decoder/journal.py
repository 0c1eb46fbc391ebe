"""docs/spec/journal.md."""

from hashlib import sha256
from typing import Any

from tests.second_decoder.wire import Cursor, insist, leb, whole

NODE = rb"[0-9]{6}-(?!0000)[0-9]{4}"
NUMBER = rb"(?!0000)[0-9]{4}"
AUDIENCE = rb"public|county:%b|drop:%b|township:%b:%b" % (NUMBER, NUMBER, NUMBER, NUMBER)
NAME = rb"[a-z][a-z_]{0,39}"
BASE_2026 = 1_767_225_600_000
LAST_INSTANT = 253_402_300_799_999


def hashed(context: str, data: bytes) -> bytes:
    return sha256(context.encode() + b"\0" + data).digest()


class Journal:
    def __init__(self, cursor: Cursor) -> None:
        raw = bytes(cursor.left)
        self.writer = cursor.text(16, NODE)
        self.epoch = cursor.fixed(16)
        self.audience = cursor.text(24, AUDIENCE)
        self.raw = raw[: len(raw) - len(cursor.left)]
        self.digest = hashed("jiujin/journal/1", self.raw)
        self.hub = self.writer[:7] + "0001"
        insist(self.writer in self._writers())

    def _named(self) -> set[str]:
        return {self.writer[:7] + number for number in self.audience.split(":")[1:]}

    def readers(self) -> set[str]:
        if self.audience == "public":
            return set()
        return {self.hub} if self.audience.startswith("drop") else {self.hub} | self._named()

    def _writers(self) -> set[str]:
        if self.audience == "public":
            return {self.hub}
        return self._named() if self.audience.startswith("drop") else self.readers()


def journal_id(data: bytes) -> dict[str, Any]:
    journal = whole(data, Journal)
    return {
        "writer": journal.writer,
        "epoch": journal.epoch.hex(),
        "audience": journal.audience,
        "digest": journal.digest.hex(),
    }


def entry_header(data: bytes) -> dict[str, Any]:
    insist(1 <= len(data) <= 128)
    return whole(data, _header)


def _header(cursor: Cursor) -> dict[str, Any]:
    insist(cursor.uint() == 1)
    said: dict[str, Any] = {"class": cursor.uint(2), "kind": cursor.text(40, NAME)}
    flags = cursor.uint(3)
    insist(flags != 2)
    case = cursor.fixed(16) if flags else None
    if case:
        insist(case[6] >> 4 == 7 and case[8] >> 6 == 2)
    base = int.from_bytes(case[:6], "big") if case else BASE_2026
    time = base + cursor.sint()
    insist(0 <= time <= LAST_INSTANT)
    certainty = cursor.uint(2**31)
    offset = cursor.sint() if certainty else None
    position = [cursor.uint(2**31 - 1) for _ in range(3)] if flags == 3 else None
    insist(said["class"] != 0 or not case or (position is not None and position[2] >= 1))
    return said | {
        "case": case.hex() if case else None,
        "time_ms": time,
        "certainty_ms": certainty - 1 if certainty else None,
        "offset_ms": offset,
        "position": position,
    }


def run(data: bytes, count: int, before: bytes) -> dict[str, Any]:
    entries: list[dict[str, Any]] = []
    cursor, hashes = Cursor(data), []
    for _ in range(count):
        entries.append(_entry(cursor))
        header = bytes.fromhex(entries[-1]["header"])
        body = bytes.fromhex(entries[-1]["digest"])
        before = hashed("jiujin/entry/1", before + leb(len(header)) + header + body)
        hashes.append(before.hex())
    cursor.end()
    return {"entries": entries, "chain": hashes}


def _entry(cursor: Cursor) -> dict[str, Any]:
    header = cursor.blob(128)
    insist(header)
    if cursor.uint(1):
        return {"header": header.hex(), "salt": None, "body": None, "digest": cursor.fixed(32).hex()}
    salt, body = cursor.fixed(16), cursor.blob(262_144)
    digest = hashed("jiujin/body/1", salt + body)
    return {"header": header.hex(), "salt": salt.hex(), "body": body.hex(), "digest": digest.hex()}
