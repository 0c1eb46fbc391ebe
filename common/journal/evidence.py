"""Evidence files: covers and all it takes to check them, for a third person (docs/spec/checkpoint.md §6)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from common.crypto.certificates import HubCertificate, read_certificate
from common.crypto.errors import BadSignatureError, CertificateError
from common.crypto.trust import check_hub
from common.crypto.wire import FormatError
from common.journal.checkpoint import Checkpoint, checked_checkpoint
from common.journal.cover import Cover, NotCoveredError
from common.journal.ids import HASH_BYTES
from common.journal.limits import EVIDENCE_COVERS_MAX, EVIDENCE_HUBS_MAX, EVIDENCE_MAX

FORMAT = "jiujin/evidence/1"
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an evidence file holds; nothing of it is believed before ``check``.

    Attributes:
        root: the county root's public key, 32 bytes; its fingerprint is compared by people.
        hubs: signed certificates of the hub.
        checkpoint: the newest checkpoint statement.
        covers: encoded covers.
    """

    root: bytes
    hubs: tuple[bytes, ...]
    checkpoint: bytes
    covers: tuple[bytes, ...]

    def to_json(self) -> str:
        """Return the file's text."""
        members = {
            "format": FORMAT,
            "root": self.root.hex(),
            "hubs": [one.hex() for one in self.hubs],
            "checkpoint": self.checkpoint.hex(),
            "covers": [one.hex() for one in self.covers],
        }
        return json.dumps(members, indent=1) + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Return the evidence of a file's bytes.

        Raises:
            FormatError: it is no evidence file.
        """
        if len(data) > EVIDENCE_MAX:
            raise FormatError("an evidence file above its limit", EVIDENCE_MAX)
        try:
            members = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise FormatError("not JSON", 0) from error
        if not isinstance(members, dict) or members.get("format") != FORMAT:
            raise FormatError("not an evidence file", 0)
        root = _bytes(members.get("root"))
        if len(root) != HASH_BYTES:
            raise FormatError("a root's public key is 32 bytes", 0)
        hubs = _listed(members, "hubs", EVIDENCE_HUBS_MAX)
        return cls(
            root, hubs, _bytes(members.get("checkpoint")), _listed(members, "covers", EVIDENCE_COVERS_MAX)
        )

    def check(self) -> "Checked":
        """Return what holds and how many covers do not.

        ``FormatError`` or ``BadSignatureError`` where the checkpoint is by none of its hubs.

        Raises:
            FormatError: a hub's certificate is none the root signed.
        """
        try:
            hubs = [check_hub(self.root, read_certificate(one)) for one in self.hubs]
        except (CertificateError, BadSignatureError) as error:
            raise FormatError("a hub the county root did not sign", 0) from error
        newest = checked_checkpoint(self.checkpoint, hubs)
        judged = [_proved(one, hubs) for one in self.covers]
        good = tuple(one for one in judged if one is not None)
        return Checked(newest, good, len(judged) - len(good))


@dataclass(frozen=True, slots=True)
class Checked:
    """An evidence file checked.

    Attributes:
        newest: the newest checkpoint in it.
        proved: what its good covers say, each with its checkpoint.
        bad: how many covers do not hold.
    """

    newest: Checkpoint
    proved: tuple[tuple[Cover, Checkpoint], ...]
    bad: int


def _proved(data: bytes, hubs: Sequence[HubCertificate]) -> tuple[Cover, Checkpoint] | None:
    try:
        cover = Cover.decode(data)
        return cover, cover.check(hubs)
    except (FormatError, BadSignatureError, NotCoveredError):
        return None


def _listed(members: Mapping[str, Any], name: str, most: int) -> tuple[bytes, ...]:
    value = members.get(name)
    if not isinstance(value, list) or len(value) > most:
        raise FormatError(f"{name} is no list, or too long a one", 0)
    return tuple(_bytes(one) for one in value)


def _bytes(value: object) -> bytes:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise FormatError("a member is missing or no lower-case hex", 0)
    return bytes.fromhex(value)
