"""docs/spec/checkpoint.md §6: an evidence file, with what identity.md §4 says of the hub's certificates."""

import json
import re
from typing import Any

from tests.second_decoder import statement
from tests.second_decoder.journal import NODE, hashed
from tests.second_decoder.parcel import signed
from tests.second_decoder.wire import Cursor, insist, whole


def evidence(data: bytes) -> dict[str, Any]:
    """What the file proves, and the fingerprint to compare."""
    insist(len(data) <= 16 * 1024 * 1024)
    said = json.loads(data)
    insist(
        said["format"] == "jiujin/evidence/1" and len(said["hubs"]) <= 100 and len(said["covers"]) <= 10_000
    )
    texts = [said["root"], *said["hubs"], said["checkpoint"], *said["covers"]]
    insist(all(re.fullmatch("([0-9a-f]{2})+", text) for text in texts))
    root = bytes.fromhex(said["root"])
    hubs = [_hub(bytes.fromhex(one), root) for one in said["hubs"]]
    return {
        "fingerprint": hashed("jiujin/root/1", root)[:16].hex(),
        "proved": [statement.cover(bytes.fromhex(one), hubs) for one in said["covers"]],
    }


def _hub(data: bytes, root: bytes) -> dict[str, Any]:
    raw, signature = whole(data, lambda at: (at.blob(8_192), (at.fixed(8), at.fixed(64))[1]))
    signed(root, "jiujin/certificate-hub/1", raw, signature)
    return whole(raw, _named)


def _named(cursor: Cursor) -> dict[str, Any]:
    insist(cursor.fixed(4) == b"JJC1" and cursor.uint() == 1)
    node, generation = cursor.text(11, NODE), cursor.counted(999_999)
    cursor.blob(200)
    signing = cursor.fixed(32)
    for size in (1_216, 32, 32):
        cursor.fixed(size)
    epoch, order = cursor.fixed(16), cursor.counted()
    for _ in range(2):
        cursor.fixed(32)
    cursor.uint()
    insist(node.endswith("-0001"))
    return {"signing": signing.hex(), "epoch": epoch.hex(), "generation": generation, "order": order}
