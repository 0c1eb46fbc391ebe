"""What lies where in a folder, by name alone (docs/spec/folder.md §1)."""

import re

from common.domain.audience import Audience
from common.domain.node import NodeId
from common.sync.listed import ParcelKind

TOP = "JIUJIN"
COUNTY = "county.jji"
NODES = "nodes"
PARCELS = "parcels"
LETTERS = "letters"
WORD = ".jjw"
BATCH = ".jjb"
ATTACHMENT = ".jja"
LETTER = ".jjl"
ANSWER = ".jjr"
_ENDINGS = {ParcelKind.BATCH: BATCH, ParcelKind.ATTACHMENT: ATTACHMENT}
_NAME = re.compile(r"([0-9a-f]{64})(\.jj[balr])", re.ASCII)
_WORD = re.compile(r"([0-9]{6}-[0-9]{4})\.jjw", re.ASCII)


def word_file(node: NodeId) -> str:
    """Return the name of a node's word."""
    return f"{node}{WORD}"


def node_of(file: str) -> NodeId | None:
    """Return whose word a name is, None where it is no word's."""
    found = _WORD.fullmatch(file)
    return NodeId(found[1]) if found and not found[1].endswith("0000") else None


def parcel_file(name: bytes, kind: ParcelKind) -> str:
    """Return the file of a batch or attachment."""
    return name.hex() + _ENDINGS[kind]


def named(file: str, ending: str) -> bytes | None:
    """Return the 32 bytes that a file's name says, None where it has another ending or is none of ours."""
    found = _NAME.fullmatch(file)
    return bytes.fromhex(found[1]) if found and found[2] == ending else None


def audience_folder(audience: str) -> str:
    """Return the folder of an audience's parcels: no colon, which FAT refuses."""
    return audience.replace(":", "-")


def audience_of(folder: str) -> Audience | None:
    """Return the audience of a folder's name, None where it is none's."""
    try:
        return Audience(folder.replace("-", ":"))
    except ValueError:
        return None
