"""Sign-in, and the locked box."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from common.web.views.form import EMPTY, Form


@dataclass(frozen=True, slots=True)
class SignInView:
    """Fields ``login``, ``password``, ``next``; on a locked box the sign-in unlocks it.

    Attributes:
        ended: when the box's certificate ended, if it did and keeps the line down; a locked box cannot renew.
    """

    template: ClassVar[str] = "sign_in.html"

    form: Form = EMPTY
    locked: bool = False
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class UnlockView:
    """Unlocking with the recovery code (field ``code``) when every password is forgotten."""

    template: ClassVar[str] = "unlock.html"

    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class LockedView:
    """What the public sees while the box is locked: nothing can be taken in yet."""

    template: ClassVar[str] = "village/locked.html"
