"""The papers a person is given, each with everything that stands on it."""

from dataclasses import dataclass
from datetime import date, datetime

from common.papers.parts import (
    ClockedTime,
    Due,
    Head,
    MaterialHanded,
    MaterialMissing,
    NextStep,
    Party,
    Remedy,
)


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """收件凭证 of a lawful receiver, 代办登记单 of anyone else; 收到不等于受理 stands on both.

    Attributes:
        head: what stands on every paper.
        lawful_receiver: whether the issuer is a published 收件点: title and legal sentence follow it.
        authority: the body that decides whether the application is accepted.
        materials: what was handed in.
        taken: when the issuer took it in.
        missing: what is still missing.
        insisted: handed in although something was missing (坚持提交).
        lawful_received: when the lawful receiver got it; None where it has not yet or where it is the issuer.
        next_steps: what happens next and by when.
        query_code: six digits, printed on the first print only; empty on a reprint.
        helper: who took it in.
    """

    head: Head
    lawful_receiver: bool
    authority: str
    materials: tuple[MaterialHanded, ...]
    taken: ClockedTime
    missing: tuple[MaterialMissing, ...] = ()
    insisted: bool = False
    lawful_received: datetime | None = None
    next_steps: tuple[NextStep, ...] = ()
    query_code: str = ""
    helper: str = ""

    def __post_init__(self) -> None:
        """Refuse a receipt that says two things.

        Raises:
            ValueError: insisted with nothing missing, or a naive time.
        """
        if self.insisted and not self.missing:
            message = "who insists hands in with something missing"
            raise ValueError(message)
        if self.lawful_received is not None and self.lawful_received.utcoffset() is None:
            message = "a time on a paper says its zone"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class OneTimeNoticePaper:
    """一次性告知书: everything missing, told once (行政许可法 32(4)).

    Attributes:
        head: what stands on every paper.
        authority: the body that tells.
        received: the day of receipt.
        missing: everything missing; at least one.
        consequences: what follows when it is or is not handed in in time, each one sentence.
        next_steps: what happens next and by when.
    """

    head: Head
    authority: str
    received: date
    missing: tuple[MaterialMissing, ...]
    consequences: tuple[str, ...] = ()
    next_steps: tuple[NextStep, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a notice that tells nothing.

        Raises:
            ValueError: nothing is missing.
        """
        if not self.missing:
            message = "a one-time notice tells what is missing"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class AcceptancePaper:
    """受理通知书.

    Attributes:
        head: what stands on every paper.
        authority: the body that accepts.
        received: the day of receipt.
        accepted: the day of acceptance; both limits count from the day after.
        promised: what the county promises; None where not given.
        statutory: what the law gives; None where not given.
        deemed: accepted by silence on the day of receipt (行政许可法 32(4)).
        notes: what does not count and how long it takes (行政许可法 45), each one sentence.
        next_steps: what happens next and by when.
    """

    head: Head
    authority: str
    received: date
    accepted: date
    promised: Due | None = None
    statutory: Due | None = None
    deemed: bool = False
    notes: tuple[str, ...] = ()
    next_steps: tuple[NextStep, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an acceptance before the receipt.

        Raises:
            ValueError: accepted before receipt, or deemed accepted on another day than that of receipt.
        """
        if self.accepted < self.received or (self.deemed and self.accepted != self.received):
            message = "acceptance comes with or after the receipt, by silence on that very day"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class NonAcceptancePaper:
    """不予受理通知书 (行政许可法 32): not looked into, why not, and whose business it is.

    Attributes:
        head: what stands on every paper.
        authority: the body that refuses.
        received: the day of receipt.
        refused: the day of the refusal.
        reasons: each one paragraph; at least one.
        whose: the body to turn to.
        remedies: ways to have it looked at again, with their limits; at least one.
    """

    head: Head
    authority: str
    received: date
    refused: date
    reasons: tuple[str, ...]
    whose: str
    remedies: tuple[Remedy, ...]

    def __post_init__(self) -> None:
        """Refuse a refusal that leaves the person with nothing.

        Raises:
            ValueError: no reason, nobody to turn to, no remedy, or refused before it was received.
        """
        if not (self.reasons and self.whose and self.remedies):
            message = "a refusal to accept gives its reasons, whose business it is, and the remedies"
            raise ValueError(message)
        if self.refused < self.received:
            message = "a refusal to accept comes with or after the receipt"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class DecisionPaper:
    """准予决定书 or 不予决定书.

    Attributes:
        head: what stands on every paper.
        authority: the body that decides.
        accepted: the day of acceptance.
        decided: the day of the decision.
        granted: which of the two it is.
        outcome: what is granted or refused, one sentence.
        reasons: facts found and why, each one paragraph.
        legal_basis: the rules applied.
        remedies: ways to have it looked at again, with their limits.
        next_steps: what happens next and by when.
    """

    head: Head
    authority: str
    accepted: date
    decided: date
    granted: bool
    outcome: str
    reasons: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    next_steps: tuple[NextStep, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a refusal without its reasons and remedies (行政许可法 38).

        Raises:
            ValueError: refused without reasons or remedies, or decided before it was accepted.
        """
        if not self.granted and not (self.reasons and self.remedies):
            message = "a refusal gives its reasons and the ways to have it looked at again"
            raise ValueError(message)
        if self.decided < self.accepted:
            message = "a decision comes after the acceptance"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class MandatePaper:
    """代办授权委托书, to be signed in ink or by thumbprint.

    Attributes:
        head: what stands on every paper; ``head.applicant`` gives the mandate.
        helper: who is to act.
        powers: what the helper may do, each one sentence; at least one.
        valid_from: first day.
        valid_until: last day.
    """

    head: Head
    helper: Party
    powers: tuple[str, ...]
    valid_from: date
    valid_until: date

    def __post_init__(self) -> None:
        """Refuse a mandate without content or end.

        Raises:
            ValueError: no power is named, or it ends before it begins.
        """
        if not self.powers:
            message = "a mandate names what may be done"
            raise ValueError(message)
        if self.valid_until < self.valid_from:
            message = "a mandate ends after it begins"
            raise ValueError(message)


Paper = (
    ReceiptPaper | OneTimeNoticePaper | NonAcceptancePaper | AcceptancePaper | DecisionPaper | MandatePaper
)
