"""What papers are made of: who, what, when and whom to ask; plain values only."""

from dataclasses import dataclass
from datetime import date, datetime

from common.domain.receipt_number import ReceiptNumberError, parse


@dataclass(frozen=True, slots=True)
class Party:
    """A person named on a paper, as far as this paper may name them.

    Attributes:
        name: whole, or masked as in ``王*芳`` where the paper leaves the person's hands.
        identity: masked document number; empty prints nothing.
        phone: masked; empty prints nothing.
        relation: of an agent to the applicant; empty for the applicant.
    """

    name: str
    identity: str = ""
    phone: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask.

    Attributes:
        office: name of the station or body.
        phone: as people dial it; empty prints nothing.
        address: where it is; empty prints nothing.
        hours: when it is open; empty prints nothing.
        person: whom to ask for; empty prints nothing.
    """

    office: str
    phone: str = ""
    address: str = ""
    hours: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on every paper.

    Attributes:
        number: the paper's own number, from the series of its body, node, epoch and year.
        issuer: who gives the paper, as it stands above the seal.
        receipt_number: in groups, ``0417-26-00458-2``.
        item: the item's official name.
        applicant: whom the case is for.
        contact: whom to ask.
        day: the date on the paper; the file's own creation date as well.
        agent: who acts for the applicant, if anyone.
        check_code: the integrity mark 校验码(非电子印章); empty prints none.
        qr: what the QR holds, a random token's address, never personal data; empty prints none.
        sample: stamped 样例数据.
    """

    number: str
    issuer: str
    receipt_number: str
    item: str
    applicant: Party
    contact: Contact
    day: date
    agent: Party | None = None
    check_code: str = ""
    qr: str = ""
    sample: bool = False

    def __post_init__(self) -> None:
        """Refuse a head nobody could find a case by.

        Raises:
            ValueError: the receipt number is wrong or not in groups, or item, issuer or applicant is empty.
        """
        try:
            grouped = str(parse(self.receipt_number))
        except ReceiptNumberError as error:
            raise ValueError(str(error)) from error
        if grouped != self.receipt_number:
            message = "a paper shows its receipt number in groups"
            raise ValueError(message)
        if not (self.item.strip() and self.issuer.strip() and self.applicant.name.strip()):
            message = "a paper names its issuer, its item and its applicant"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class ClockedTime:
    """An instant as the device had it, with what is known about the device's clock.

    Attributes:
        device: aware; what the device's clock showed.
        offset_ms: how far the device's clock was ahead of the county's (negative: behind); None unmeasured.
        certainty_ms: how far the measured offset itself may be wrong; None exactly where the offset is None.
    """

    device: datetime
    offset_ms: int | None = None
    certainty_ms: int | None = None

    def __post_init__(self) -> None:
        """Refuse a time that could be misread.

        Raises:
            ValueError: the time is naive, or only one of offset and certainty is known.
        """
        if self.device.utcoffset() is None:
            message = "a time on a paper says its zone"
            raise ValueError(message)
        if (self.offset_ms is None) != (self.certainty_ms is None):
            message = "a measured clock offset says how sure it is"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class MaterialHanded:
    """One material taken in.

    Attributes:
        name: what people call it.
        copies: paper copies taken, 0 where only a picture was.
        original_seen: the original was seen (原件已核).
        note: anything else to know about it, as in how many pictures.
    """

    name: str
    copies: int = 0
    original_seen: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class MaterialMissing:
    """One material still missing, told so that a person can get it.

    Attributes:
        name: what people call it.
        what: what it is, or what is wrong with the one handed in.
        source: where it comes from.
        how: how to hand it in.
        by: the last day; None where no rule sets one.
    """

    name: str
    what: str = ""
    source: str = ""
    how: str = ""
    by: date | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next and by when.

    Attributes:
        what: one sentence.
        by: the last day; None where no rule sets one.
        provisional: ``by`` lies past the published holiday table.
    """

    what: str
    by: date | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A limit with its last day.

    Attributes:
        limit: as people say it, ``20个工作日``.
        day: the last day.
        provisional: ``day`` lies past the published holiday table.
    """

    limit: str
    day: date
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Remedy:
    """A way to have a decision looked at again.

    Attributes:
        way: ``申请行政复议`` or ``提起行政诉讼``.
        within: how long, counted from the day the decision is received, ``60日``.
        where: the body to turn to.
    """

    way: str
    within: str
    where: str
