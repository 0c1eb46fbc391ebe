"""What ``verify`` found, for programs: values of JSON."""

from typing import Any

from common.exchange.evidence import Against
from common.exchange.network import Network
from common.exchange.verifying import Fault, Verified
from common.journal.checkpoint import Checkpoint
from common.journal.evidence import Checked
from common.program.commands import evidence_words as words


def verified(found: Verified, network: Network) -> dict[str, Any]:
    """Return what was looked at and every fault."""
    return {
        "journals": found.journals,
        "entries": found.entries,
        "batches": found.batches,
        "attachments": found.attachments,
        "checkpoints": found.checkpoints,
        "erased": found.erased,
        "archived": found.archived,
        "wrong": [_fault(fault, network) for fault in found.wrong],
    }


def _fault(fault: Fault, network: Network) -> dict[str, Any]:
    return {
        "what": str(fault.what),
        "where": fault.name,
        "writer": str(fault.journal.writer) if fault.journal else None,
        "audience": str(fault.journal.audience) if fault.journal else None,
        "number": fault.number,
        "sentence": words.fault_words(fault, network),
    }


def against(found: Against) -> dict[str, Any]:
    """Return what a checkpoint covers of the own journals."""
    return {
        "checkpoint": _checkpoint(found.checkpoint),
        "two_checkpoints": found.two,
        "locked": found.locked,
        "journals": [
            {
                "writer": str(one.journal.writer),
                "epoch": one.journal.epoch.hex(),
                "audience": str(one.journal.audience),
                "found": str(one.judgement.found),
                "length": one.judgement.length,
                "covered": one.judgement.now,
                "covered_before": one.judgement.before,
                "again": one.judgement.again,
                "at": one.judgement.at,
                "signed": one.judgement.theirs.hex(),
                "here": one.judgement.ours.hex(),
                "cases": {str(reached): list(numbers) for reached, numbers in one.cases.items()},
            }
            for one in found.journals
        ],
    }


def checked(found: Checked, root: str) -> dict[str, Any]:
    """Return what an evidence file proves; ``root`` is its fingerprint as people compare it."""
    return {
        "root": root,
        "checkpoint": _checkpoint(found.newest),
        "proved": [
            {
                "writer": str(cover.journal.writer),
                "epoch": cover.journal.epoch.hex(),
                "audience": str(cover.journal.audience),
                "number": cover.number,
                "hash": cover.hash.hex(),
                "checkpoint": _checkpoint(checkpoint),
            }
            for cover, checkpoint in found.proved
        ],
        "bad": found.bad,
    }


def _checkpoint(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "order": checkpoint.order,
        "counter": checkpoint.counter,
        "hub_time": checkpoint.hub_time.isoformat(),
        "root": checkpoint.root.hex(),
        "leaf_count": checkpoint.leaf_count,
    }
