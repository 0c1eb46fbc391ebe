"""Accounts of people on this node: added, proven, and made the actor every verb asks for (design §5, §6)."""

import asyncio
import base64
import binascii
import re
from dataclasses import dataclass, replace
from datetime import timedelta

from common.casework import grants_known
from common.casework.clock import NodeClock
from common.casework.desk import Desk
from common.crypto.errors import WrongPasswordError
from common.crypto.keyfile import (
    new_recovery_code,
    recovery_password,
    unwrap_with_password,
    wrap_with_password,
)
from common.crypto.passwords import check_password, hash_password
from common.domain.grants import Actor, Role
from common.domain.sentence import Part
from common.domain.spoken_error import SpokenError
from common.domain.times import to_milliseconds
from common.store import accounts, settings
from common.store.engine import Database, Tx
from common.store.errors import ConflictError
from common.store.rows import AccountRow, PersonRow

SHORTEST_PASSWORD = 8
FREE_TRIES = 5
"""Wrong passwords in a row before the account waits: a minute, doubling up to an hour."""
_LONGEST_WAIT = timedelta(hours=1)
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{0,39}")
_VAULT = "vault"
_RECOVERY = "recovery_wrap"


class AccountError(SpokenError):
    """An account could not be made or changed.

    Attributes:
        field: of the account what is wrong: ``login``, ``name`` or ``roles``.
    """

    def __init__(self, detail: str, sentence: str, field: str = "login", **parts: Part) -> None:
        """Say it for the log, for a person, and where it stands on a form."""
        super().__init__(detail, sentence, **parts)
        self.field = field


class SignInRefusedError(SpokenError):
    """Login and password do not fit together, or the account is closed: which one is not said."""

    def __init__(self) -> None:
        """Say what to check."""
        super().__init__("sign-in refused", "账号或密码不对，请检查后再试；忘记密码请找管理员。")


class SignInWaitError(SpokenError):
    """Too many wrong passwords in a row."""

    def __init__(self, minutes: int) -> None:
        """Say how long to wait."""
        super().__init__("sign-in waits", "密码连续输错太多次，请{minutes}分钟后再试。", minutes=minutes)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to make.

    Attributes:
        login: lower-case letters and digits; no personal data, it stands in logs and grants.
        name: what papers and pages show; kept in the vault only.
    """

    login: str
    name: str
    roles: frozenset[Role]

    def __post_init__(self) -> None:
        """Refuse logins and names nobody can use.

        Raises:
            AccountError: one is empty or malformed.
        """
        if not _LOGIN.fullmatch(self.login):
            raise AccountError(
                "malformed login", "账号名只能用小写字母、数字、点、横线和下划线，以字母开头，最多40个字。"
            )
        if not self.name.strip() or not self.name.isprintable() or len(self.name) > 60:  # noqa: PLR2004
            raise AccountError("malformed display name", "姓名不能空，最多60个字。", "name")
        if not self.roles:
            raise AccountError("no role", "请至少给账号一个角色。", "roles")


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An account as it was before this try, None if there is none, and the minutes it must wait (0: none)."""

    account: AccountRow | None
    wait_minutes: int = 0


async def add_user(
    opened: Database, vault: Database, new: NewAccount, password: str, vault_key: bytes | None
) -> None:
    """Make an account; its password unlocks the vault (None at the hub, whose database is not locked).

    Raises:
        AccountError: the password is too short or too long, or the login is taken.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError("password too short", "密码至少{n}个字符。", n=SHORTEST_PASSWORD)
    try:
        hashed = await asyncio.to_thread(hash_password, password)
    except ValueError as error:
        raise AccountError("password too long", "密码太长，请短一些。") from error
    wraps = {} if vault_key is None else {_VAULT: await _wrapped(vault_key, password)}
    row = AccountRow(new.login, hashed, wraps, sorted(new.roles))
    try:
        await opened.write(lambda tx: accounts.add(tx, row))
    except ConflictError as error:
        raise AccountError("login taken", "这个账号名已经有了，请换一个。") from error
    await vault.write(lambda tx: accounts.save_person(tx, PersonRow(new.login, new.name)))


async def prove(opened: Database, clock: NodeClock, login: str, password: str) -> AccountRow:
    """Return the account whose password this is; works locked, and takes as long for an unknown login.

    Raises:
        SignInRefusedError: they do not fit, or the account is closed.
        SignInWaitError: too many wrong ones before; even the right one waits.
    """
    now = to_milliseconds(clock.now())
    # Counted before it is checked: many guesses at once get no more tries than one after the other.
    attempt = await opened.write(lambda tx: _attempt(tx, login, now))
    account = attempt.account
    checked = await asyncio.to_thread(check_password, account.password_hash if account else None, password)
    if account is None or account.disabled:
        raise SignInRefusedError
    if attempt.wait_minutes:
        raise SignInWaitError(attempt.wait_minutes)
    if not checked.right:
        raise SignInRefusedError
    await opened.write(lambda tx: accounts.set_attempts(tx, login, 0, 0))
    account = replace(account, failed=0, locked_until_ms=0)
    if checked.rehash:
        hashed = await asyncio.to_thread(hash_password, password)
        await opened.write(lambda tx: accounts.save(tx, replace(account, password_hash=hashed)))
    return account


async def actor(desk: Desk, login: str) -> Actor:
    """Return who an account is: name, roles and grants as known here now.

    Raises:
        SignInRefusedError: there is no such account, or it is closed.
    """
    account = await desk.open.read(lambda tx: accounts.find(tx, login))
    if account is None or account.disabled:
        raise SignInRefusedError
    person = await desk.vault.read(lambda tx: accounts.person(tx, login))
    roles = frozenset(Role(role) for role in account.roles if role in frozenset(Role))
    return Actor(
        login, person.display_name if person else login, roles, await grants_known.of_login(desk, login)
    )


async def sign_in(desk: Desk, login: str, password: str) -> Actor:
    """Return the actor of login and password; refusals are those of ``prove``."""
    account = await prove(desk.open, desk.clock, login, password)
    return await actor(desk, account.login)


async def vault_key(account: AccountRow, password: str) -> bytes | None:
    """Return the vault's key out of the account's wrap, None where it has none; the password is proven."""
    wrapped = account.wraps.get(_VAULT)
    return None if wrapped is None else await _unwrapped(wrapped, password)


async def keep_recovery(opened: Database, key: bytes) -> str:
    """Wrap the vault's key under a new recovery code and return the code: shown once, kept nowhere."""
    code = new_recovery_code()
    wrapped = await _wrapped(key, recovery_password(code))
    await opened.write(lambda tx: settings.put(tx, _RECOVERY, wrapped))
    return code


async def recover(opened: Database, typed: str) -> bytes:
    """Return the vault's key for a typed recovery code; a malformed one is a ``CodeError``.

    Raises:
        SignInRefusedError: it is not this box's code.
    """
    password = recovery_password(typed)
    wrapped = await opened.read(lambda tx: settings.get(tx, _RECOVERY))
    if wrapped is None:
        raise SignInRefusedError
    try:
        return await _unwrapped(wrapped, password)
    except WrongPasswordError as error:
        raise SignInRefusedError from error


async def set_password(opened: Database, login: str, password: str, key: bytes | None) -> None:
    """Give an account a new password, after its owner or an administrator was proven by other means.

    Raises:
        AccountError: the password is too short, or there is no such account.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError("password too short", "密码至少{n}个字符。", n=SHORTEST_PASSWORD)
    hashed = await asyncio.to_thread(hash_password, password)
    wraps = {} if key is None else {_VAULT: await _wrapped(key, password)}

    async def work(tx: Tx) -> None:
        account = await accounts.find(tx, login)
        if account is None:
            raise AccountError("no such account", "没有这个账号。")
        changed = replace(account, password_hash=hashed, wraps=wraps, failed=0, locked_until_ms=0)
        await accounts.save(tx, changed)

    await opened.write(work)


async def _attempt(tx: Tx, login: str, now: int) -> _Attempt:
    """Count a try as failed, which it stays unless the password is right; one that waits is not counted."""
    account = await accounts.find(tx, login)
    if account is None or account.disabled:
        return _Attempt(account)
    # A clock set back must not lock anybody out for longer than the longest wait.
    if 0 < account.locked_until_ms - now <= _milliseconds(_LONGEST_WAIT):
        return _Attempt(account, max(1, -(-(account.locked_until_ms - now) // 60_000)))
    failed = account.failed + 1
    over = failed - FREE_TRIES
    wait = min(timedelta(minutes=1) * 2 ** min(over, 10), _LONGEST_WAIT) if over >= 0 else timedelta()
    await accounts.set_attempts(tx, login, failed, now + _milliseconds(wait) if wait else 0)
    return _Attempt(account)


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


async def _wrapped(key: bytes, password: str) -> str:
    return base64.b64encode(await asyncio.to_thread(wrap_with_password, key, password)).decode()


async def _unwrapped(text: str, password: str) -> bytes:
    try:
        blob = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise WrongPasswordError from error
    return await asyncio.to_thread(unwrap_with_password, blob, password)
