"""A visit to a folder, for the command line: how far it is, and its report for a program."""

import time
from typing import Any

import click

from common.link.folder.report import FolderReport

_SAY_EVERY = 2.0


class Progress:
    """Says on standard error how far a long visit is, now and then."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, report: FolderReport) -> None:
        """Say it, if some seconds have passed."""
        if time.monotonic() - self._said >= _SAY_EVERY:
            self._said = time.monotonic()
            click.echo(
                f"已收下{report.parcels_in}个包裹，已写上{report.parcels_out}个，请不要拔出……", err=True
            )


def shown(report: FolderReport) -> dict[str, Any]:
    """Return a report for a program."""
    return {
        "taken_in": {
            "batches": report.batches_in,
            "attachments": report.attachments_in,
            "bytes": report.bytes_in,
            "receipts": report.receipts_in,
            "letters": report.letters_in,
        },
        "written": {
            "batches": report.batches_out,
            "attachments": report.attachments_out,
            "bytes": report.bytes_out,
            "letters": report.letters_out,
        },
        "waiting_there_for": {str(node): count for node, count in report.for_whom.items()},
        "removed": report.removed,
        "refused": {reason.value: count for reason, count in report.refused.items()},
        "spoilt": report.spoilt,
        "passed_over": dict(report.passed_over),
        "put_off": {reason.name.lower(): count for reason, count in report.put_off.items()},
        "forks": len(report.forks),
        "rolled_back": report.rolled_back,
        "too_many_files": report.too_many,
        "read_only": report.read_only,
        "full": report.full,
        "visitors": sorted(str(node) for node in report.words),
    }
