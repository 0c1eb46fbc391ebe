"""Staff pages of cases at every tier: what waits, the list, one case on one screen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from common.domain.lateness import Light
from common.domain.whereabouts import StepShown
from common.web.views.form import EMPTY, ONE_PAGE, Choice, Form, Paging


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """One thing to do; ``path`` leads where it is done, ``do`` is the word on it."""

    path: str
    number: str
    item: str
    applicant: str
    do: str
    due: str = ""
    light: Light = Light.STILL


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Things of one sort; ``empty`` says what will appear here and how."""

    word: str
    empty: str
    cases: tuple[WaitingCase, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkbenchView:
    """今天 at the village, 工作台 above; ``apply`` is where 代办申请 begins, empty where there is none.

    ``recovering``: older cases wait for other nodes' answers.
    """

    template: ClassVar[str] = "staff/workbench.html"

    title: str
    groups: tuple[WaitingGroup, ...]
    apply: str = ""
    recovering: bool = False


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list; ``applicant`` is masked, ``due`` words of the next clock."""

    path: str
    number: str
    item: str
    applicant: str
    station: str
    state: str
    received_on: date
    due: str = ""
    light: Light = Light.STILL
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasesView:
    """The ledger: search ``q``, filters ``state``, ``station``, ``light`` by GET; ``form`` holds them.

    Attributes:
        erasures: where the list of erased cases is, for who may see it.
    """

    template: ClassVar[str] = "staff/cases.html"

    cases: tuple[CaseLine, ...]
    form: Form = EMPTY
    states: tuple[Choice, ...] = ()
    stations: tuple[Choice, ...] = ()
    paging: Paging = ONE_PAGE
    erasures: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of the case: 补正, 法定, 承诺; ``words`` say how much is left."""

    word: str
    due: str
    words: str
    light: Light = Light.STILL


@dataclass(frozen=True, slots=True)
class MaterialLine:
    """One material as it is here; ``path`` leads to its pages, empty where there are none."""

    name: str
    state: str
    missing: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper to open or print."""

    name: str
    number: str
    issued_on: date | None
    path: str


@dataclass(frozen=True, slots=True)
class CourseLine:
    """One line of the course."""

    at: datetime
    word: str
    who: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One deed on the case: its form is ``staff/panels/<key>.html`` and posts to ``<case>/<key>``.

    Attributes:
        key: accept, notice, refuse, review, decide, issue, correct, hand_out.
        refusal: why this person cannot do it now; the form is then left out.
        choices: what there is to choose (materials for a notice, papers to issue).
        rare: it is possible on every case and seldom meant: folded until somebody opens it.
    """

    key: str
    word: str
    refusal: str = ""
    form: Form = EMPTY
    choices: tuple[Choice, ...] = ()
    note: str = ""
    rare: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case on one screen; names and numbers masked unless ``unmasked``.

    Attributes:
        path: the case's address, ``/desk/cases/<id>``.
        facts: word and text, in the order of the papers.
        notices: sentences that must not be missed (insisted, irregular, stopped, set aside).
        unmask: where 查看完整信息 posts its reason; empty where it is shown or not allowed.
    """

    template: ClassVar[str] = "staff/case.html"

    path: str
    number: str
    item: str
    state: str
    steps: tuple[StepShown, ...]
    next: str
    facts: tuple[tuple[str, str], ...]
    clocks: tuple[Clock, ...] = ()
    materials: tuple[MaterialLine, ...] = ()
    papers: tuple[PaperLine, ...] = ()
    course: tuple[CourseLine, ...] = ()
    panels: tuple[Panel, ...] = ()
    notices: tuple[str, ...] = ()
    done: str = ""
    unmask: str = ""


@dataclass(frozen=True, slots=True)
class ArchivedView:
    """What stays here of a case that was archived; ``whom`` has the whole of it."""

    template: ClassVar[str] = "staff/archived.html"

    number: str
    item: str
    state: str
    facts: tuple[tuple[str, str], ...]
    whom: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ErasedCase:
    """One case erased by order: who ordered it, which nodes have answered and which have not."""

    number: str
    on: date
    ground: str
    by: str
    done: str
    waiting: str


@dataclass(frozen=True, slots=True)
class ErasuresView:
    """依法删除, the newest first."""

    template: ClassVar[str] = "staff/erasures.html"

    erasures: tuple[ErasedCase, ...]
