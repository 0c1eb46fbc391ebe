"""Pages of a restored node: whom it waits for, and letting one go."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from common.web.views.form import EMPTY, Form


@dataclass(frozen=True, slots=True)
class RecoveryLine:
    """One node that may hold entries of this one.

    Attributes:
        at: when it answered or was released, None while neither.
        reason: why it was released.
        waited: whether cases wait for it.
    """

    number: str
    name: str
    state: str
    at: datetime | None
    reason: str = ""
    waited: bool = False


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """恢复: since when, and every node; ``since`` is None where the node was never restored."""

    template: ClassVar[str] = "staff/recovery.html"

    since: datetime | None
    nodes: tuple[RecoveryLine, ...]
    over: bool = False
    may_release: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """Asking once more before a node is waited for no longer: field ``reason``."""

    template: ClassVar[str] = "staff/release.html"

    path: str
    name: str
    form: Form = EMPTY
