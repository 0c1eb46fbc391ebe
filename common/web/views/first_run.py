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
        fingerprint: eight groups of four hex digits.
        words: the same in four Chinese words; empty where there are none.
    """

    template: ClassVar[str] = "first_run/compare.html"

    county: str
    node: str
    name: str
    way: str
    fingerprint: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """The request is under way; the page asks again by itself. ``problem`` says why not yet."""

    template: ClassVar[str] = "first_run/enrolling.html"

    problem: str = ""


@dataclass(frozen=True, slots=True)
class AdministratorView:
    """Step 3: fields ``name``, ``login``, ``password``, ``again``, ``unlock`` (``sign_in`` or ``tpm``)."""

    template: ClassVar[str] = "first_run/administrator.html"

    tpm: bool = False
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class RecoveryView:
    """Step 4: the recovery code, shown once."""

    template: ClassVar[str] = "first_run/recovery.html"

    code: str
