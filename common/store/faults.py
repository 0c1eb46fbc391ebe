"""Reads a driver's error and names it in the store's own words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg  # type: ignore[import-untyped]
from tortoise.exceptions import BaseORMException, OperationalError
from tortoise.exceptions import IntegrityError as OrmIntegrityError

from common.store.engines import sqlcipher
from common.store.errors import (
    BusyError,
    ConflictError,
    CrossedError,
    DamagedError,
    DiskFullError,
    ReadOnlyError,
    StoreError,
    UnreachableError,
    WrongKeyError,
)

_DRIVER_ERRORS: tuple[type[Exception], ...] = (
    sqlite3.Error,
    sqlcipher.Error,
    BaseORMException,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,  # lock files, and the sockets of the PostgreSQL driver
)

_BY_MESSAGE: tuple[tuple[str, type[StoreError]], ...] = (
    ("database or disk is full", DiskFullError),
    ("no space left", DiskFullError),
    ("disk full", DiskFullError),
    ("database is locked", BusyError),
    ("database table is locked", BusyError),
    ("readonly database", ReadOnlyError),
    ("read-only", ReadOnlyError),
    ("malformed", DamagedError),
    ("unable to open", UnreachableError),
    ("no such file", UnreachableError),
    ("not a directory", UnreachableError),
    ("permission denied", UnreachableError),
    ("constraint failed", ConflictError),
)
_BY_KIND: tuple[tuple[type[Exception], type[StoreError]], ...] = (
    (sqlite3.IntegrityError, ConflictError),
    (sqlcipher.IntegrityError, ConflictError),
    (OrmIntegrityError, ConflictError),
    (asyncpg.IntegrityConstraintViolationError, ConflictError),
    (asyncpg.DiskFullError, DiskFullError),
    (asyncpg.DeadlockDetectedError, CrossedError),
    (asyncpg.LockNotAvailableError, BusyError),
    (asyncpg.QueryCanceledError, BusyError),
    (asyncpg.TooManyConnectionsError, BusyError),
    (asyncpg.ReadOnlySQLTransactionError, ReadOnlyError),
    (asyncpg.OperatorInterventionError, UnreachableError),  # shut down, or starting
    (asyncpg.IdleInTransactionSessionTimeoutError, UnreachableError),
    (asyncpg.PostgresConnectionError, UnreachableError),
    (asyncpg.InvalidAuthorizationSpecificationError, UnreachableError),
    (asyncpg.InvalidCatalogNameError, UnreachableError),
    (asyncpg.InterfaceError, UnreachableError),
    (ConnectionError, UnreachableError),
    (TimeoutError, UnreachableError),
)


def named(error: Exception, *, encrypted: bool) -> StoreError:
    """Return the store's own error for a driver's one; its text never holds a row's values.

    Args:
        error: what the driver or the ORM raised.
        encrypted: whether the file has a key, so that "not a database" means the wrong one.
    """
    said = str(error).partition("\n")[0]  # PostgreSQL's second line quotes the row
    text = said.lower()
    if "not a database" in text or "hmac check failed" in text:
        return WrongKeyError(said) if encrypted else DamagedError(said)
    cause = error.args[0] if isinstance(error, OperationalError) and error.args else error
    for driver_kind, kind in _BY_KIND:
        if isinstance(error, driver_kind) or isinstance(cause, driver_kind):
            return kind(said)
    for words, kind in _BY_MESSAGE:
        if words in text:
            return kind(said)
    quotes_rows = not isinstance(cause, (sqlite3.Error, sqlcipher.Error, OSError))
    return StoreError(type(cause).__name__ if quotes_rows else said)


@contextmanager
def driver_errors_named(*, encrypted: bool) -> Iterator[None]:
    """Raise whatever a driver raises inside as a kind of ``StoreError``; others pass unchanged."""
    try:
        yield
    except _DRIVER_ERRORS as error:
        # Without the cause, whose text may quote people's data into a log.
        raise named(error, encrypted=encrypted).with_traceback(error.__traceback__) from None
