"""Checkpoints and evidence as people hand them to ``verify``: files or typed hexadecimal."""

import re
from pathlib import Path

from common.crypto.wire import FormatError
from common.domain.spoken_error import SpokenError
from common.journal.evidence import Evidence
from common.journal.limits import EVIDENCE_MAX

_HEX = re.compile(r"\s*((?:[0-9A-Fa-f]{2})+)\s*")
_LONGEST_NAME = 255


class EvidenceError(SpokenError):
    """What was given is no checkpoint or no evidence."""


def given_checkpoint(text: str) -> bytes:
    """Return the bytes of a file (plain, in hex, or an evidence file's checkpoint) or of typed hex.

    Raises:
        EvidenceError: there is no such file and it is no hex.
    """
    file = Path(text)
    if len(text) <= _LONGEST_NAME and file.is_file():
        data = _read(file)
        if data.lstrip()[:1] == b"{":
            return _parsed(data).checkpoint
        found = _HEX.fullmatch(data.decode("ascii", "replace"))
        return bytes.fromhex(found[1]) if found else data
    found = _HEX.fullmatch(text)
    if found is None:
        raise EvidenceError("no file and no hex", "--against 要写 newest、一个文件，或十六进制的检查点。")
    return bytes.fromhex(found[1])


def given_evidence(file: Path) -> Evidence:
    """Return the evidence of a file; ``EvidenceError`` where it is none."""
    return _parsed(_read(file))


def _read(file: Path) -> bytes:
    """Return a file no larger than evidence may be.

    Raises:
        EvidenceError: it is larger, or cannot be read.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(EVIDENCE_MAX + 1)
    except OSError as error:
        raise EvidenceError("unreadable", f"读不了 {file}，请检查文件和权限。") from error
    if len(data) > EVIDENCE_MAX:
        raise EvidenceError("too large", f"{file} 太大，不是证据文件。")
    return data


def _parsed(data: bytes) -> Evidence:
    """Return the evidence of a file's bytes.

    Raises:
        EvidenceError: it is none.
    """
    try:
        return Evidence.from_json(data)
    except FormatError as error:
        raise EvidenceError(
            f"no evidence: {error}", "这不是完整的证据文件，请向给你的人再要一份。"
        ) from error
