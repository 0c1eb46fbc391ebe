"""An empty box: code and address, the county to compare, the first administrator, the recovery code."""

from dataclasses import dataclass
from typing import ClassVar

from common.web.views.form import EMPTY, Form


@dataclass(frozen=True, slots=True)
class CodeView:
    """Step 1: fields ``code`` and ``address`` (host:port)."""

    template: ClassVar[str] = "first_run/code.html"

    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class CompareView:
    """Step 2: what answered, to compare with what the county said: button ``same`` is ``yes`` or ``no``.

    Attributes:
        county: the county's name.
        hub: what its hub calls itself.
        way: the address that answered.
        fingerprint: eight groups of four hex digits.
    """

    template: ClassVar[str] = "first_run/compare.html"

    county: str
    hub: str
    way: str
    fingerprint: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """The request is under way; the page asks again by itself. ``problem`` says why not yet."""

    template: ClassVar[str] = "first_run/enrolling.html"

    problem: str = ""


@dataclass(frozen=True, slots=True)
class AdministratorView:
    """Step 3: fields ``name``, ``login``, ``password``, ``again``, ``unlock`` (``sign_in`` or ``tpm``).

    Attributes:
        node: what the box is now called, with its number.
        tpm: the machine can unlock by itself and yet be worth nothing to a thief.
    """

    template: ClassVar[str] = "first_run/administrator.html"

    node: str = ""
    tpm: bool = False
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """Step 4: the recovery code, shown once."""

    template: ClassVar[str] = "first_run/recovery.html"

    code: str


@dataclass(frozen=True, slots=True)
class DoneView:
    """Everything is done; the page goes on to the sign-in by itself."""

    template: ClassVar[str] = "first_run/done.html"
