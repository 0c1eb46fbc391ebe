"""What stays of a case whose bodies left this disk: number, masked name, how it ended; all of it bounded."""

from dataclasses import dataclass
from datetime import date

from common.domain.bodies.facts import Outcome
from common.domain.course import State


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """A case in one row, signed by the node that keeps it (docs/spec/statement.md §4).

    Attributes:
        case: the case's id.
        number: its receipt number, twelve digits.
        applicant: the masked name.
        members: nodes that may write requests and records of it, see :func:`common.casework.book.folded`.
        takings: of the fence of its last fact; ``moves`` and ``fact`` with it.
        query_digest: lets the receipt's code go on answering; ``token_digest`` its QR.
        covers: by journal (digest in hex) the number of the last entry it stands for.
    """

    case: str
    number: str
    item: str
    version: str
    title: str
    applicant: str
    state: State
    intake: str
    custodian: str
    owner: str
    audience: str
    members: tuple[str, ...]
    takings: int
    moves: int
    fact: int
    received_on: date
    updated_ms: int
    covers: dict[str, int]
    outcome: Outcome | None = None
    decided_on: date | None = None
    accepted_on: date | None = None
    closed_on: date | None = None
    sensitive: bool = False
    insisted: bool = False
    parent: str = ""
    query_digest: str = ""
    token_digest: str = ""

    def __post_init__(self) -> None:
        """Refuse a name that is not masked: what is kept here is kept for years.

        Raises:
            ValueError: the applicant's name shows more than its mask.
        """
        if "*" not in self.applicant:
            message = "a summary holds the masked name only"
            raise ValueError(message)
