"""The rows of case projections, from entries and summaries alone, so that ``rebuild`` makes them again."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in lists and searches.

    Attributes:
        search_text: what the text search looks in (number, title, applicant), words apart.
        identity_hash: keyed hash of the applicant's ID number, for the duplicate check.
        due_on: the day lists sort and filter by: the next of the due days that still counts.
        waits: it goes on only when a person does something about it.
        archived_on: when its bodies left this disk, None while any of them is here.
        marks: sorted words; steps and content are JSON values.
    """

    case_id: str
    number: str
    item_code: str
    item_version: str
    title: str
    applicant: str
    applicant_masked: str
    search_text: str
    identity_hash: bytes | None
    state: str
    custodian: str
    takings: int
    moves: int
    fact_number: int
    intake_node: str
    owner: str
    audience: str
    received_on: date
    updated_ms: int
    outcome: str | None = None
    accepted_on: date | None = None
    correction_due: date | None = None
    promised_due: date | None = None
    statutory_due: date | None = None
    due_on: date | None = None
    closed_on: date | None = None
    archived_on: date | None = None
    sensitive: bool = False
    insisted: bool = False
    parent_case: str | None = None
    foreign_number: str | None = None
    marks: list[str] = field(default_factory=list)
    waits: bool = False
    steps: list[Any] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material; state given|missing|later, ``taken`` says how (paper, picture, file, licence)."""

    case_id: str
    position: int
    code: str
    name: str
    state: str
    copies: int
    taken: str
    attachments: list[Any]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper of a case."""

    case_id: str
    position: int
    paper_id: str
    kind: str
    number: str
    issued_on: date
    issuer: str
    state: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One line of the timeline; ``standing`` is the entry's status, journal and number its identity."""

    case_id: str
    position: int
    kind: str
    entry_class: int
    at_ms: int
    node: str
    actor: str
    standing: str
    journal_digest: bytes
    number: int
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseProjection:
    """Everything the tables hold of one case."""

    case: CaseRow
    materials: tuple[MaterialRow, ...] = ()
    papers: tuple[PaperRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
