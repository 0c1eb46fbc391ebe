"""What a villager hands in: persons, answers, materials, and how it was taken in."""

from dataclasses import dataclass, field
from enum import StrEnum


class IntakeMode(StrEnum):
    """Who typed the application."""

    SELF = "self"
    HELPER = "helper"
    PAPER = "paper"
    """Entered afterwards from paper (补录)."""


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person as they say who they are.

    Attributes:
        name: as on the identity card.
        identity: GB 11643 number, 18 characters.
        phone: optional; many villagers have none.
        address: free text, optional.
        contact: whom to tell instead where there is no phone (告诉谁).
    """

    name: str
    identity: str
    phone: str = ""
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """Who acts for the applicant (代理人), with what relation and mandate."""

    person: Person
    relation: str = ""
    mandate: str = ""


@dataclass(frozen=True, slots=True)
class FileRef:
    """An attachment named by an entry: the key lies in the entry, the bytes travel as a parcel.

    Attributes:
        parcel: hex name of the sealed bytes (SHA-256 of them, see the parcel specification).
        length: plain length in bytes.
        key: hex of the attachment's own 32-byte key.
        media_type: found by content, never by what the sender said.
        title: what it shows, for people; holds no personal data.
    """

    parcel: str
    length: int
    key: str
    media_type: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class MaterialGiven:
    """One material as handed in.

    Attributes:
        code: the item's material code.
        copies: paper copies taken, 0 where only a picture was.
        original_seen: the helper saw the original (原件已核).
        files: pictures or documents.
    """

    code: str
    copies: int = 0
    original_seen: bool = False
    files: tuple[FileRef, ...] = ()


@dataclass(frozen=True, slots=True)
class BackEntry:
    """An application first written on paper (补录): its booklet number and time there."""

    paper_number: str
    paper_time: str
    photograph: FileRef | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """Everything the applicant said and handed in.

    Attributes:
        item: the item's code.
        applicant: the person it is for.
        version: content hash (hex) of the item version the intake node held; filled in when it is taken in.
        agent: who acts for them, if anyone.
        answers: the form's fields by name.
        materials: what was handed in.
        missing: codes of required materials that were not there.
        insisted: handed in although something was missing (坚持提交).
    """

    item: str
    applicant: Person
    version: str = ""
    agent: Agent | None = None
    answers: dict[str, str] = field(default_factory=dict)
    materials: tuple[MaterialGiven, ...] = ()
    missing: tuple[str, ...] = ()
    insisted: bool = False
    mode: IntakeMode = IntakeMode.HELPER
    back_entry: BackEntry | None = None
