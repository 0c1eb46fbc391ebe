"""Grants: who may decide what, from when to when."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from common.web.views.form import EMPTY, Choice, Form


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One grant; ``until`` is its last day, ``end`` where it is ended, empty where it is over."""

    name: str
    post: str
    login: str
    node: str
    powers: tuple[str, ...]
    items: str
    since: date
    until: date | None
    state: str
    end: str = ""


@dataclass(frozen=True, slots=True)
class GrantsView:
    """授权, with search ``q``: those that count or will come first; ``done`` says what was just done."""

    template: ClassVar[str] = "staff/grants.html"

    grants: tuple[GrantLine, ...]
    form: Form = EMPTY
    done: str = ""


@dataclass(frozen=True, slots=True)
class GiveView:
    """Giving a grant.

    Fields: ``node``, ``login``, ``name``, ``post``, ``powers`` (many), ``items``, ``since``, ``until``.

    Attributes:
        number: the form's own, so that a second click gives nothing more.
    """

    template: ClassVar[str] = "staff/give.html"

    nodes: tuple[Choice, ...]
    powers: tuple[Choice, ...]
    number: str
    ticked: frozenset[str] = frozenset()
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class EndView:
    """Ending a grant: fields ``on`` and ``reason``."""

    template: ClassVar[str] = "staff/end.html"

    path: str
    grant: GrantLine
    form: Form = EMPTY
