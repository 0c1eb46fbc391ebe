"""docs/spec/statement.md, checkpoint.md and figures.md."""

from typing import Any

from tests.second_decoder.journal import LAST_INSTANT, NAME, NODE, Journal, hashed
from tests.second_decoder.parcel import signed
from tests.second_decoder.wire import Cursor, insist, leb, whole


def statement(data: bytes, public: bytes) -> dict[str, Any]:
    insist(len(data) <= 16_640)

    def read(cursor: Cursor) -> dict[str, Any]:
        said: dict[str, Any] = {"type": cursor.text(40, NAME), "payload": cursor.blob(16_384)}
        said |= {"signer": cursor.text(16, NODE), "generation": cursor.counted(), "role": cursor.uint(2)}
        return said | {"signature": cursor.fixed(64)}

    said = whole(data, read)
    signed(public, "jiujin/statement/1", data[:-64], said["signature"])
    return said


def instant(cursor: Cursor) -> int:
    value = cursor.sint()
    insist(0 <= value <= LAST_INSTANT)
    return value


def receipt(data: bytes, public: bytes) -> dict[str, Any]:
    said = statement(data, public)
    insist(said["type"] == "receipt" and said["role"] in {0, 1})
    return whole(said["payload"], lambda cursor: _receipt(cursor, said))


def _receipt(cursor: Cursor, said: dict[str, Any]) -> dict[str, Any]:
    journal, receiver, epoch = Journal(cursor), cursor.text(16, NODE), cursor.fixed(16)
    counter = cursor.uint()
    held, applied = (cursor.uint(), cursor.fixed(32)), (cursor.uint(), cursor.fixed(32))
    safe, issued = cursor.uint(), instant(cursor)
    exceptions = cursor.items(100, lambda at: (at.uint(), at.uint(1), at.text(40, NAME)))
    numbers = [number for number, _, _ in exceptions]
    insist(receiver == said["signer"])
    insist(max(applied[0], safe) <= held[0])
    insist(all(number or value == journal.digest for number, value in (held, applied)))
    insist(applied[0] != held[0] or applied == held)
    insist(not safe or receiver.endswith("-0001"))
    insist(numbers == sorted(set(numbers)) and all(1 <= number <= held[0] for number in numbers))
    insist(said["role"] == 0 or not (applied[0] or safe or exceptions))
    return {
        "journal": journal.raw.hex(),
        "receiver": receiver,
        "epoch": epoch.hex(),
        "counter": counter,
        "held": [held[0], held[1].hex()],
        "applied": [applied[0], applied[1].hex()],
        "safe": safe,
        "issued_ms": issued,
        "exceptions": [list(one) for one in exceptions],
    }


def checkpoint(data: bytes, public: bytes) -> dict[str, Any]:
    said = statement(data, public)
    insist(said["type"] == "checkpoint" and said["role"] == 0 and said["signer"].endswith("-0001"))

    def read(cursor: Cursor) -> dict[str, Any]:
        return {
            "hub_epoch": cursor.fixed(16).hex(),
            "order": cursor.counted(),
            "counter": cursor.uint(),
            "hub_time_ms": instant(cursor),
            "root": cursor.fixed(32).hex(),
            "leaf_count": cursor.uint(),
        }

    return whole(said["payload"], read)


def path(data: bytes, leaf: bytes, root: bytes) -> dict[str, Any]:
    def read(cursor: Cursor) -> tuple[int, int, list[bytes]]:
        return cursor.uint(), cursor.uint(), cursor.items(64, lambda at: at.fixed(32))

    index, count, partners = whole(data, read)
    return {"index": index, "leaf_count": count, "joined": _joined(index, count, partners, leaf) == root}


def _joined(index: int, count: int, partners: list[bytes], value: bytes) -> bytes | None:
    if index >= count:
        return None
    partners = list(partners)
    while count > 1:
        alone = index == count - 1 and count % 2 == 1
        if not alone:
            if not partners:
                return None
            other = partners.pop(0)
            value = hashed("jiujin/node/1", other + value if index % 2 else value + other)
        index, count = index // 2, (count + 1) // 2
    return value if not partners else None


def tree(leaves: list[bytes]) -> bytes:
    """The root over leaves, level by level."""
    if not leaves:
        return hashed("jiujin/node/1", b"")
    while len(leaves) > 1:
        pairs = [leaves[place : place + 2] for place in range(0, len(leaves), 2)]
        leaves = [hashed("jiujin/node/1", b"".join(pair)) if len(pair) == 2 else pair[0] for pair in pairs]
    return leaves[0]


def cover(data: bytes, hubs: list[dict[str, Any]]) -> dict[str, Any]:
    """``hubs``: of each certificate its signing key, epoch (both hex), generation and order."""
    insist(len(data) <= 8_192)

    def read(cursor: Cursor) -> dict[str, Any]:
        said: dict[str, Any] = {"checkpoint": cursor.blob(4_096), "journal": Journal(cursor)}
        said |= {"number": cursor.counted(), "hash": cursor.fixed(32), "salt": cursor.fixed(16)}
        return said | {"path": (cursor.uint(), cursor.uint(), cursor.items(64, lambda at: at.fixed(32)))}

    said = whole(data, read)
    signer = whole(
        said["checkpoint"],
        lambda at: (at.text(40, NAME), at.blob(16_384), at.text(16, NODE), at.counted(), at.rest()),
    )
    named = [hub for hub in hubs if hub["generation"] == signer[3]]
    insist(named and signer[2].endswith("-0001"))
    made = checkpoint(said["checkpoint"], bytes.fromhex(named[0]["signing"]))
    insist((made["hub_epoch"], made["order"]) == (named[0]["epoch"], named[0]["order"]))
    index, count, partners = said["path"]
    head = said["salt"] + said["journal"].digest + leb(said["number"]) + said["hash"]
    joined = _joined(index, count, partners, hashed("jiujin/leaf/1", head))
    insist(count == made["leaf_count"] and joined == bytes.fromhex(made["root"]), "not-covered")
    return {
        "journal": said["journal"].raw.hex(),
        "number": said["number"],
        "hash": said["hash"].hex(),
        "checkpoint": made,
    }


def figures(data: bytes, public: bytes) -> dict[str, Any]:
    said = statement(data, public)
    insist(said["type"] == "figures" and said["role"] == 1)

    def read(cursor: Cursor) -> dict[str, Any]:
        known: dict[str, Any] = {"counter": cursor.counted(), "made_ms": instant(cursor)}
        known["program"] = cursor.text(64, rb"[ -~]*")
        listed = cursor.items(64, lambda at: (at.counted(), at.sint()))
        kinds = [kind for kind, _ in listed]
        insist(kinds == sorted(set(kinds)))
        known["values"] = {str(kind): value for kind, value in listed if kind <= 14}
        return known

    return whole(said["payload"], read)
