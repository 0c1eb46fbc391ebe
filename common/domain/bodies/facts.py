"""Facts: written by a case's custodian, each moves its course (see :mod:`common.domain.course`)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from common.domain.application import FileRef
from common.domain.bodies.officer import Officer


@dataclass(frozen=True, slots=True)
class Received:
    """Taken in and numbered (收件); received is not accepted.

    Attributes:
        on: China day of receipt.
        lawful: whether this starts the correction clock.
    """

    on: date
    lawful: bool
    by: Officer | None = None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Custody goes to ``to`` under the next fence; always the last fact of its own."""

    to: str
    on: date
    by: Officer | None = None


@dataclass(frozen=True, slots=True)
class CustodyTaken:
    """The hub gives custody to ``to``; names the last fact that still counts of the reign it ends.

    Attributes:
        destroyed: an operator attests that the box which had custody is no more; else its answer is awaited
            before anything is decided.
    """

    ended_takings: int
    ended_moves: int
    ended_number: int
    to: str
    reason: str
    on: date
    by: Officer | None = None
    destroyed: bool = False


@dataclass(frozen=True, slots=True)
class FactForced:
    """The hub skips a missing fact: whatever turns up at this position is set aside."""

    reason: str
    by: Officer


@dataclass(frozen=True, slots=True)
class AsideSettled:
    """Facts that were set aside are adopted (written again after this) or reversed, by a named person.

    Attributes:
        facts: the entries, as ``EntryRef`` writes itself.
    """

    facts: tuple[str, ...]
    adopted: bool
    reason: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class MissingThing:
    """One line of a one-time notice: which material or field, what is wrong, where to get it."""

    code: str
    what: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class NoticeGiven:
    """The one-time notice (一次性告知): everything missing, told once."""

    missing: tuple[MissingThing, ...]
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class CorrectionTaken:
    """A correction is complete; names the request it answers."""

    answers: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class RefusedToAccept:
    """不予受理, in writing with reasons and whose business it is."""

    reason: str
    whose: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class Accepted:
    """受理: the statutory and promised clocks start the day after."""

    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class DeemedAccepted:
    """Accepted by law because nothing was told in time; dated by law, not by the sweep."""

    on: date
    rule: str


@dataclass(frozen=True, slots=True)
class FirstReviewed:
    """A lower body's first review (初审) and its opinion."""

    opinion: str
    favourable: bool
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class Reviewed:
    """审核: an opinion, no decision."""

    opinion: str
    favourable: bool
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class Suspended:
    """A special procedure begins; ``counts`` is False where its time does not count (行政许可法 45)."""

    procedure: str
    ground: str
    days: int
    on: date
    by: Officer
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Resumed:
    """The special procedure has ended."""

    result: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class Extended:
    """The limit is extended once with the head's approval (行政许可法 42)."""

    days: int
    reason: str
    approved_by: str
    on: date
    by: Officer


class Outcome(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decided:
    """准予 or 不予, with reasons and remedies."""

    outcome: Outcome
    reason: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class PaperIssued:
    """A formal paper was made: its number in the series, the template version, and the kept bytes."""

    paper: str
    number: str
    template: str
    file: FileRef
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class Delivered:
    """送达: answers the record that the result was handed out."""

    answers: str
    on: date
    by: Officer | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """办结."""

    on: date
    by: Officer | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The applicant's withdrawal is granted; names the request."""

    answers: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class WithdrawalRefused:
    """The withdrawal came after the decision, or cannot be; names the request and the reason."""

    answers: str
    reason: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class Ended:
    """A side exit with a reason: terminated, lapsed or revoked by kind."""

    reason: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class Joined:
    """Two intakes of one application are one: this case continues as ``into`` (case id)."""

    into: str
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class TaskAssigned:
    """Work given to a node or post: visit, posting, meeting, delivery, call-back, collecting an original."""

    task: str
    what: str
    node: str
    due: date | None
    on: date
    by: Officer


@dataclass(frozen=True, slots=True)
class ForeignStep:
    """外部系统办理: the case's number, state and outcome in another system, and who worked it there."""

    system: str
    number: str
    state: str
    operator: str
    on: date
    by: Officer
    outcome: str = ""
