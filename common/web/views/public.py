"""The village station's public pages before and after an application: home, search, guide, progress."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from common.domain.item import Item
from common.domain.whereabouts import StepShown
from common.web.views.form import EMPTY, Form


@dataclass(frozen=True, slots=True)
class ItemLink:
    """One item to choose; ``hint`` says who handles it or what it needs."""

    code: str
    name: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class HomeView:
    """The one large field and the six most used items."""

    template: ClassVar[str] = "village/home.html"

    items: tuple[ItemLink, ...]


@dataclass(frozen=True, slots=True)
class SearchView:
    """What was found; ``suggestions`` stand in where nothing was."""

    template: ClassVar[str] = "village/search.html"

    query: str
    found: tuple[ItemLink, ...]
    suggestions: tuple[ItemLink, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideView:
    """One item as a guide; an empty text shows as 原文未注明.

    Attributes:
        conditions: what to ask oneself before applying (能不能办).
        fee: what it costs, in words.
        collect: where the result is fetched.
        decides: name of the body that decides.
        closed: why nothing can be handed in today; empty when it can.
    """

    template: ClassVar[str] = "village/guide.html"

    item: Item
    decides: str
    collect: str
    conditions: tuple[str, ...] = ()
    fee: str = ""
    closed: str = ""


@dataclass(frozen=True, slots=True)
class ProgressView:
    """The question where a case is: fields ``number`` and ``code``."""

    template: ClassVar[str] = "village/progress.html"

    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class ProgressCaseView:
    """Where one case is, as the public reads it; ``applicant`` is masked."""

    template: ClassVar[str] = "village/progress_case.html"

    number: str
    item: str
    applicant: str
    received_on: date | None
    steps: tuple[StepShown, ...]
    next: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HelpView:
    """Whom to ask; what is not known reads 原文未注明 no more than it must."""

    template: ClassVar[str] = "village/help.html"

    helper: str = ""
    hours: str = ""
    phone: str = ""
    township: str = ""
