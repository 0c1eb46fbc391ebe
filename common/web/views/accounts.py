"""Accounts: the list, a new one, a new password."""

from dataclasses import dataclass
from typing import ClassVar

from common.web.views.form import EMPTY, Choice, Form


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account; ``roles`` in words, ``state`` in words, ``warn`` where nobody can sign in with it."""

    login: str
    name: str
    roles: tuple[str, ...]
    state: str
    warn: bool = False


@dataclass(frozen=True, slots=True)
class AccountsView:
    """账号: ``done`` says what was just done."""

    template: ClassVar[str] = "staff/accounts.html"

    accounts: tuple[AccountLine, ...]
    done: str = ""


@dataclass(frozen=True, slots=True)
class NewAccountView:
    """A new account: fields ``name``, ``login``, ``roles`` (many), ``password``, ``again``."""

    template: ClassVar[str] = "staff/new_account.html"

    roles: tuple[Choice, ...]
    ticked: frozenset[str] = frozenset()
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class PasswordView:
    """An administrator gives an account a new password: fields ``login``, ``password``, ``again``."""

    template: ClassVar[str] = "staff/password.html"

    logins: tuple[Choice, ...]
    form: Form = EMPTY


@dataclass(frozen=True, slots=True)
class RecoveredView:
    """After the recovery code: fields ``login``, ``password``, ``again``."""

    template: ClassVar[str] = "recovered.html"

    form: Form = EMPTY
