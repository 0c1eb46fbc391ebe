"""Rows to fill the store with."""

import hashlib
from datetime import date
from typing import Any

from common.store.case_rows import CaseProjection, CaseRow, MaterialRow, PaperRow, StepRow
from common.store.rows import EntryRow, ParcelRow, ReceiptRow

HUB, TOWNSHIP, VILLAGE = "130638-0001", "130638-0003", "130638-0417"
EPOCH = b"e" * 16
AUDIENCE = "township:0003:0417"


def digest(text: Any) -> Any:
    return hashlib.sha256(str(text).encode()).digest()


def entry(journal_id: Any, number: Any, **changes: Any) -> Any:
    values = {
        "journal_id": journal_id,
        "number": number,
        "hash": digest(f"{journal_id}/{number}"),
        "header": b"header",
        "salt": b"s" * 16,
        "body": '{"name": "王小明"}'.encode(),
        "body_digest": digest("body"),
        "entry_class": 0,
        "kind": "received",
        "case_id": None,
        "takings": 0,
        "moves": 0,
        "fact_number": number,
        "time_ms": 1_780_000_000_000,
        "status": "applied",
    }
    return EntryRow(**(values | changes))


def batch(journal_id: Any, first: Any, last: Any, **changes: Any) -> Any:
    values = {
        "name": digest(f"batch {journal_id} {first} {last}"),
        "kind": "batch",
        "size": 100,
        "journal_id": journal_id,
        "first_number": first,
        "last_number": last,
        "chain_before": digest(first),
        "chain_after": digest(last),
        "state": "held",
        "staged_ms": first,
    }
    return ParcelRow(**(values | changes))


def receipt(journal_id: Any, counter: Any, **changes: Any) -> Any:
    values = {
        "journal_id": journal_id,
        "receiver": HUB,
        "epoch": EPOCH,
        "counter": counter,
        "held_number": counter,
        "held_hash": digest(counter),
        "applied_number": 0,
        "applied_hash": digest(0),
        "safe_number": 0,
        "issued_ms": counter,
        "statement": b"signed",
    }
    return ReceiptRow(**(values | changes))


def case(case_id: Any, **changes: Any) -> Any:
    values = {
        "case_id": case_id,
        "number": "041726004582",
        "item_code": "001",
        "item_version": "v1",
        "title": "低保申请",
        "applicant": "𬱖小明",
        "applicant_masked": "𬱖*明",
        "search_text": "041726004582 低保申请 𬱖小明",
        "identity_hash": digest("id"),
        "state": "received",
        "custodian": TOWNSHIP,
        "takings": 0,
        "moves": 1,
        "fact_number": 1,
        "intake_node": VILLAGE,
        "owner": TOWNSHIP,
        "audience": AUDIENCE,
        "received_on": date(2026, 3, 2),
        "updated_ms": 1,
        "marks": ["urgent"],
        "content": {"b": 1, "a": [True, None]},
    }
    return CaseRow(**(values | changes))


def projection(case_id: Any, **changes: Any) -> Any:
    return CaseProjection(
        case(case_id, **changes),
        (MaterialRow(case_id, 0, "m1", "身份证", "given", 1, "picture", [{"hash": "00"}]),),
        (PaperRow(case_id, 0, f"p-{case_id}", "receipt", "1", date(2026, 3, 2), VILLAGE, "printed", {}),),
        (StepRow(case_id, 0, "received", 0, 1, VILLAGE, "helper", "applied", digest("j"), 1, {"x": 1}),),
    )
