"""Requests: they change nothing until a fact names and answers them."""

from dataclasses import dataclass

from common.domain.application import Application, MaterialGiven
from common.domain.bodies.officer import Officer


@dataclass(frozen=True, slots=True)
class Submitted:
    """An application taken in (提交); always the first entry of a case.

    Attributes:
        number: the receipt number's twelve digits.
        application: what was handed in.
        place: division code of the place it was taken in.
        lawful_receiver: whether that place is a published 收件点 for the item, so that the clock starts here.
        taken_by: the helper or clerk; None for self-service.
        query_digest: hex digest of the six-digit query code printed once.
        token_digest: hex digest of the random token inside the receipt's QR.
        parent: case id of the case this one belongs to (one-thing bundle, construction).
        pickup: node where the result is wanted, empty for the intake node.
        own_finding: started by the office itself (依职权).
    """

    number: str
    application: Application
    place: str = ""
    lawful_receiver: bool = False
    taken_by: Officer | None = None
    query_digest: str = ""
    token_digest: str = ""
    parent: str = ""
    pickup: str = ""
    own_finding: bool = False


@dataclass(frozen=True, slots=True)
class Corrected:
    """What the applicant brought after a notice (补正)."""

    materials: tuple[MaterialGiven, ...] = ()
    answers: dict[str, str] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawalAsked:
    """The applicant asks to withdraw (撤回申请)."""

    reason: str = ""
