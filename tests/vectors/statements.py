"""Vectors of receipts, checkpoints, paths, covers and figures (docs/spec/statement.md and beside it)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from common.crypto.certificates import HubCertificate
from common.crypto.signing import SigningKey
from common.crypto.wire import Writer
from common.domain.figures import Figure, Figures
from common.journal.checkpoint import Checkpoint
from common.journal.cover import Cover
from common.journal.figures import sign_figures
from common.journal.ids import JournalId
from common.journal.merkle import MerklePath, merkle_leaf, merkle_path, merkle_root
from common.journal.receipt import ExceptionState, Receipt, ReceiptException
from common.journal.statement import KeyRole, Statement, sign_statement
from tests.common.journal.samples import HUB, JOURNAL, NOW, SEALING, SIGNING, TOWNSHIP, VILLAGE, seed

Named = Iterator[tuple[str, dict[str, Any]]]
FORM = {"error": "form"}
RECEIPT = Receipt(
    journal=JOURNAL,
    receiver=HUB,
    receiver_epoch=seed("hub epoch", 16),
    counter=7,
    held_number=5,
    held_hash=seed("held"),
    applied_number=4,
    applied_hash=seed("applied"),
    safe_number=3,
    issued=NOW,
    exceptions=(
        ReceiptException(2, ExceptionState.WAITING, "fact_missing"),
        ReceiptException(4, ExceptionState.REFUSED, "body_malformed"),
    ),
)
HELD_ONLY = replace(RECEIPT, applied_number=0, applied_hash=JOURNAL.digest(), safe_number=0, exceptions=())


def _vector(
    statement: Statement | bytes, expect: dict[str, Any], signing: bytes | None = None
) -> dict[str, Any]:
    data = statement if isinstance(statement, bytes) else statement.encode()
    return {"bytes": data.hex(), "signing": (signing or SIGNING[HUB].public()).hex(), "expect": expect}


def described(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as vectors show it."""
    return {
        "journal": receipt.journal.encode().hex(),
        "receiver": receipt.receiver.text,
        "epoch": receipt.receiver_epoch.hex(),
        "counter": receipt.counter,
        "held": [receipt.held_number, receipt.held_hash.hex()],
        "applied": [receipt.applied_number, receipt.applied_hash.hex()],
        "safe": receipt.safe_number,
        "issued_ms": round(receipt.issued.timestamp() * 1000),
        "exceptions": [[one.number, int(one.state), one.reason] for one in receipt.exceptions],
    }


def described_checkpoint(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return a checkpoint as vectors show it."""
    return {
        "hub_epoch": checkpoint.hub_epoch.hex(),
        "order": checkpoint.order,
        "counter": checkpoint.counter,
        "hub_time_ms": round(checkpoint.hub_time.timestamp() * 1000),
        "root": checkpoint.root.hex(),
        "leaf_count": checkpoint.leaf_count,
    }


def _forged(receipt: Receipt, **changes: Any) -> Receipt:
    """Return a receipt no receiver can mean: the check of its class is passed by."""
    forged = replace(receipt)
    for name, value in changes.items():
        object.__setattr__(forged, name, value)
    return forged


def _by_hub(type_: str, payload: bytes, role: KeyRole = KeyRole.SIGNING) -> Statement:
    return sign_statement(type_, payload, HUB, 1, SIGNING[HUB], role)


def receipts() -> Named:
    """Yield receipts in their statements."""
    good = RECEIPT.sign(1, SIGNING[HUB])
    yield "good", _vector(good, described(RECEIPT))
    yield "good-held-only", _vector(HELD_ONLY.sign(1, SIGNING[HUB], KeyRole.RECEIPT), described(HELD_ONLY))
    wrong = ReceiptException(6, ExceptionState.WAITING, "fact_missing")
    spoken = ReceiptException(2, ExceptionState.WAITING, "Zhang San")
    payloads = {
        "applied-beyond-held": _forged(RECEIPT, applied_number=6),
        "safe-beyond-held": _forged(RECEIPT, safe_number=6),
        "nothing-held-under-another-hash": _forged(HELD_ONLY, held_number=0),
        "two-hashes-at-one-number": _forged(RECEIPT, applied_number=5),
        "exception-beyond-held": _forged(RECEIPT, exceptions=(wrong,)),
        "exceptions-out-of-order": _forged(RECEIPT, exceptions=RECEIPT.exceptions[::-1]),
        "exception-0": _forged(RECEIPT, exceptions=(replace(wrong, number=0),)),
        "reason-that-is-no-code": _forged(RECEIPT, exceptions=(spoken,)),
        "by-somebody-else": _forged(RECEIPT, receiver=TOWNSHIP, safe_number=0),
    }
    for name, receipt in payloads.items():
        yield name, _vector(_by_hub("receipt", receipt.encode()), FORM)
    yield (
        "safe-said-by-a-township",
        _vector(
            sign_statement(
                "receipt", _forged(RECEIPT, receiver=TOWNSHIP).encode(), TOWNSHIP, 1, SIGNING[TOWNSHIP]
            ),
            FORM,
            SIGNING[TOWNSHIP].public(),
        ),
    )
    payload = RECEIPT.encode()
    statements = {
        "applied-by-the-receipt-key": _by_hub("receipt", payload, KeyRole.RECEIPT),
        "by-the-root-key": _by_hub("receipt", payload, KeyRole.ROOT),
        "of-another-type": _by_hub("checkpoint", payload),
        "payload-cut": _by_hub("receipt", payload[:-1]),
        "payload-with-more": _by_hub("receipt", payload + b"\0"),
    }
    for name, statement in statements.items():
        yield name, _vector(statement, FORM)
    data = good.encode()
    unsigned = good.signed_bytes()
    bytes_ = {
        "type-upper-case": b"\x07Receipt" + data[8:],
        "generation-0": unsigned[:-2] + b"\x00\x00" + good.signature,
        "role-unknown": unsigned[:-1] + b"\x03" + good.signature,
        "statement-cut": data[:-1],
        "bytes-after-the-end": data + b"\0",
        "above-its-limit": data + bytes(16_640),
    }
    for name, broken in bytes_.items():
        yield name, _vector(broken, FORM)
    yield "signature-flipped", _vector(data[:-1] + bytes([data[-1] ^ 1]), {"error": "signature"})
    yield "signed-by-another", _vector(data, {"error": "signature"}, SIGNING[TOWNSHIP].public())


LEAVES = [
    merkle_leaf(seed(f"salt {place}", 16), seed(f"digest {place}"), place, seed(f"head {place}"))
    for place in range(5)
]


def checkpoints() -> Named:
    """Yield checkpoints in their statements."""
    checkpoint = Checkpoint(seed("hub epoch", 16), 1, 9, NOW, merkle_root(LEAVES), 5)
    yield "good", _vector(checkpoint.sign(HUB, 1, SIGNING[HUB]), described_checkpoint(checkpoint))
    payload = checkpoint.encode()
    early = Writer().raw(payload[:18]).sint(-1).raw(payload[-33:]).done()
    statements = {
        "order-0": _by_hub("checkpoint", payload[:16] + b"\0" + payload[17:]),
        "time-before-1970": _by_hub("checkpoint", early),
        "payload-cut": _by_hub("checkpoint", payload[:-1]),
        "payload-with-more": _by_hub("checkpoint", payload + b"\0"),
        "of-another-type": _by_hub("receipt", payload),
        "by-the-receipt-key": _by_hub("checkpoint", payload, KeyRole.RECEIPT),
    }
    for name, statement in statements.items():
        yield name, _vector(statement, FORM)
    by_township = checkpoint.sign(TOWNSHIP, 1, SIGNING[TOWNSHIP])
    yield "by-a-township", _vector(by_township, FORM, SIGNING[TOWNSHIP].public())


def _path(path: MerklePath | bytes, expect: dict[str, Any], leaf: bytes) -> dict[str, Any]:
    data = path if isinstance(path, bytes) else path.encode()
    return {"bytes": data.hex(), "leaf": leaf.hex(), "root": merkle_root(LEAVES).hex(), "expect": expect}


def _joined(path: MerklePath, *, joined: bool) -> dict[str, Any]:
    return {"index": path.index, "leaf_count": path.leaf_count, "joined": joined}


def paths() -> Named:
    """Yield Merkle paths."""
    for place, leaf in enumerate(LEAVES):
        path = merkle_path(LEAVES, place)
        yield f"good-leaf-{place}", _path(path, _joined(path, joined=True), leaf)
    path = merkle_path(LEAVES, 2)
    wrong = {
        "another-leaf": (path, LEAVES[1]),
        "another-index": (replace(path, index=3), LEAVES[2]),
        "another-leaf-count": (replace(path, leaf_count=4), LEAVES[2]),
        "index-beyond-the-tree": (replace(path, index=5), LEAVES[2]),
        "partner-missing": (replace(path, partners=path.partners[:-1]), LEAVES[2]),
        "partner-too-many": (replace(path, partners=(*path.partners, seed("x"))), LEAVES[2]),
    }
    for name, (other, leaf) in wrong.items():
        yield name, _path(other, _joined(other, joined=False), leaf)
    yield "cut-off", _path(path.encode()[:-1], FORM, LEAVES[2])
    yield (
        "too-many-partners",
        _path(Writer().uint(0).uint(1).uint(65).raw(bytes(65 * 32)).done(), FORM, LEAVES[2]),
    )


EPOCH = seed("hub epoch", 16)
HUB_CERTIFICATE = HubCertificate(
    node=HUB, generation=1, epoch=EPOCH, order=1, name="雄县",
    signing=SIGNING[HUB].public(), sealing=SEALING[HUB].public(),
    transport=SIGNING[TOWNSHIP].public(), receipt=SIGNING[VILLAGE].public(),
    authority=SigningKey.from_seed(seed("authority")).public(),
    ssh_authority=SigningKey.from_seed(seed("ssh authority")).public(), valid_from=NOW.replace(microsecond=0),
)  # fmt: skip


def cover_leaves(journal: JournalId = JOURNAL) -> list[bytes]:
    """Return the leaves above, the third of them a journal's head."""
    return [
        *LEAVES[:2],
        merkle_leaf(seed("salt", 16), journal.digest(), 37, seed("head of 37")),
        *LEAVES[3:],
    ]


def good_cover(order: int = 1, counter: int = 9) -> Cover:
    """Return a cover of the sample journal up to 37."""
    leaves = cover_leaves()
    checkpoint = Checkpoint(EPOCH, order, counter, NOW, merkle_root(leaves), 5)
    encoded = checkpoint.sign(HUB, 1, SIGNING[HUB]).encode()
    return Cover(encoded, JOURNAL, 37, seed("head of 37"), seed("salt", 16), merkle_path(leaves, 2))


def described_cover(cover: Cover) -> dict[str, Any]:
    """Return a cover as vectors show it, its checkpoint checked."""
    checkpoint = cover.check([HUB_CERTIFICATE])
    return {
        "journal": cover.journal.encode().hex(),
        "number": cover.number,
        "hash": cover.hash.hex(),
        "checkpoint": described_checkpoint(checkpoint),
    }


def _cover(cover: Cover | bytes, expect: dict[str, Any]) -> dict[str, Any]:
    data = cover if isinstance(cover, bytes) else cover.encode()
    hub = {"signing": SIGNING[HUB].public().hex(), "generation": 1, "epoch": EPOCH.hex(), "order": 1}
    return {"bytes": data.hex(), "hub": hub, "expect": expect}


def covers() -> Named:
    """Yield covers."""
    good = good_cover()
    yield "good", _cover(good, described_cover(good))
    uncovered = {"error": "not-covered"}
    counted = Checkpoint(EPOCH, 1, 9, NOW, merkle_root(cover_leaves()), 6)
    wrong = {
        "another-number": replace(good, number=38),
        "another-hash": replace(good, hash=seed("another")),
        "another-salt": replace(good, salt=seed("another", 16)),
        "another-journal": replace(good, journal=replace(JOURNAL, epoch=seed("another epoch", 16))),
        "another-place": replace(good, path=replace(good.path, index=3)),
        "partner-flipped": replace(
            good, path=replace(good.path, partners=(seed("x"), *good.path.partners[1:]))
        ),
        "leaf-count-of-another-tree": replace(good, checkpoint=counted.sign(HUB, 1, SIGNING[HUB]).encode()),
    }
    for name, cover in wrong.items():
        yield name, _cover(cover, uncovered)
    yield "checkpoint-of-another-order", _cover(good_cover(order=2), FORM)
    by_another = Statement.decode(good.checkpoint)
    forged = sign_statement(by_another.type, by_another.payload, HUB, 1, SIGNING[TOWNSHIP])
    yield (
        "checkpoint-signed-by-another",
        _cover(replace(good, checkpoint=forged.encode()), {"error": "signature"}),
    )
    later = sign_statement(by_another.type, by_another.payload, HUB, 2, SIGNING[HUB])
    yield "checkpoint-of-a-hub-nobody-knows", _cover(replace(good, checkpoint=later.encode()), FORM)
    yield "number-0", _cover(_zero_number(good), FORM)
    yield "cut-off", _cover(good.encode()[:-1], FORM)
    yield "bytes-after-the-end", _cover(good.encode() + b"\0", FORM)
    yield "above-its-limit", _cover(good.encode() + bytes(8_192), FORM)


def _zero_number(cover: Cover) -> bytes:
    data, at = cover.encode(), len(cover.checkpoint) + 2 + len(JOURNAL.encode())
    return data[:at] + b"\0" + data[at + 1 :]


FIGURES = Figures(
    7, NOW, "jiujin/0.1.0",
    {Figure.FRESH: 1_794_792_600_000, Figure.CASES: 3, Figure.CLOCK: -1500, Figure.LOCKED: 1},
)  # fmt: skip


def described_figures(figures: Figures) -> dict[str, Any]:
    """Return figures as vectors show them."""
    return {
        "counter": figures.counter,
        "made_ms": round(figures.made.timestamp() * 1000),
        "program": figures.program,
        "values": {str(int(figure)): value for figure, value in sorted(figures.values.items())},
    }


def figures() -> Named:
    """Yield figures in their statements, by the village's receipt key."""
    key = SIGNING[VILLAGE]

    def signed(payload: bytes, role: KeyRole = KeyRole.RECEIPT, type_: str = "figures") -> dict[str, Any]:
        return _vector(sign_statement(type_, payload, VILLAGE, 1, key, role), FORM, key.public())

    good = sign_figures(FIGURES, VILLAGE, 1, key)
    yield "good", _vector(good, described_figures(FIGURES), key.public())
    head = good.payload[: -len(_listed(FIGURES))]
    unknown = Writer().raw(head).uint(2).uint(3).sint(3).uint(99).sint(-5).done()
    passed = described_figures(replace(FIGURES, values={Figure.CASES: 3}))
    yield (
        "good-kind-not-known",
        _vector(sign_statement("figures", unknown, VILLAGE, 1, key, KeyRole.RECEIPT), passed, key.public()),
    )
    yield "by-the-signing-key", signed(good.payload, KeyRole.SIGNING)
    yield "of-another-type", signed(good.payload, type_="receipt")
    yield "counter-0", signed(b"\0" + good.payload[1:])
    yield "kind-0", signed(Writer().raw(head).uint(1).uint(0).sint(3).done())
    yield "kinds-out-of-order", signed(Writer().raw(head).uint(2).uint(3).sint(3).uint(1).sint(0).done())
    yield "kind-twice", signed(Writer().raw(head).uint(2).uint(3).sint(3).uint(3).sint(4).done())
    yield "too-many-figures", signed(Writer().raw(head).uint(65).raw(bytes(130)).done())
    yield "program-not-ascii", signed(sign_figures(replace(FIGURES, program="就近"), VILLAGE, 1, key).payload)
    yield "payload-cut", signed(good.payload[:-1])
    yield "payload-with-more", signed(good.payload + b"\0")


def _listed(figures: Figures) -> bytes:
    writer = Writer().uint(len(figures.values))
    for kind, value in sorted(figures.values.items()):
        writer.uint(kind).sint(value)
    return writer.done()
