"""An application in steps, each a plain form: who, materials, check, confirm; then the receipt."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from common.domain.findings import Finding
from common.web.views.form import EMPTY, Form
from common.web.views.public import ItemLink

STEPS = ("谁来办", "交材料", "核对", "确认")


@dataclass(frozen=True, slots=True)
class Draft:
    """What every step shows: which draft, of what; ``path`` begins its addresses, ``/apply/<draft>``.

    Attributes:
        helper: the helper types for somebody.
        lawful: the station is a lawful receiver for the item.
    """

    path: str
    item: str
    decides: str
    helper: bool = False
    lawful: bool = False
    sample: bool = False


@dataclass(frozen=True, slots=True)
class ChooseItemView:
    """代办申请: what for; each item begins a draft by a post to ``/desk/apply/items/<code>``."""

    template: ClassVar[str] = "staff/choose_item.html"

    query: str
    items: tuple[ItemLink, ...]


@dataclass(frozen=True, slots=True)
class WhoView:
    """Step 1: fields as findings name them, ``applicant.name`` … ``agent.relation``; ``acts`` self|other."""

    template: ClassVar[str] = "village/apply_who.html"

    draft: Draft
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class FileShown:
    """One stored picture; ``path`` shows it, empty where it cannot be shown."""

    title: str
    size: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class MaterialSlot:
    """One material: fields ``copies.<code>``, ``seen.<code>``, ``files.<code>``, ``remove`` (code/index)."""

    code: str
    name: str
    required: bool = True
    later: bool = False
    note: str = ""
    copies: int = 0
    seen: bool = False
    files: tuple[FileShown, ...] = ()


@dataclass(frozen=True, slots=True)
class MaterialsView:
    """Step 2, where button ``do`` is ``keep`` (store the pictures, stay) or ``next``."""

    template: ClassVar[str] = "village/apply_materials.html"

    draft: Draft
    slots: tuple[MaterialSlot, ...]
    largest: str
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One line to check: what it is, what was said, and the step that changes it."""

    word: str
    text: str
    step: str = "who"


@dataclass(frozen=True, slots=True)
class CheckView:
    """Step 3: everything once more, with what was found."""

    template: ClassVar[str] = "village/apply_check.html"

    draft: Draft
    rows: tuple[SummaryRow, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether something must be mended before it can be handed in."""
        return any(not finding.missing for finding in self.findings)


@dataclass(frozen=True, slots=True)
class ConfirmView:
    """Step 4: the last word. Fields ``agreed`` and, with something missing, ``insist``."""

    template: ClassVar[str] = "village/apply_confirm.html"

    draft: Draft
    applicant: str
    missing: tuple[str, ...] = ()
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The receipt on the screen; number, code and QR.

    Attributes:
        number: twelve digits in groups, ``0417-26-00458-2``.
        code: the query code, once; empty when the page is opened again.
        qr_svg: a drawing from the papers layer, trusted.
        paper: path of the PDF to print.
        lawful: 收件凭证, else 代办登记单.
        back: where 完成 leads.
    """

    template: ClassVar[str] = "village/receipt.html"

    number: str
    code: str
    qr_svg: str
    item: str
    decides: str
    received_at: datetime
    paper: str
    next: str
    lawful: bool = False
    missing: tuple[str, ...] = ()
    back: str = "/"
    due_on: date | None = None
