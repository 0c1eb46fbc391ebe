"""Passwords of people: argon2id (RFC 9106), with its cost stored beside every hash."""

import unicodedata
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.low_level import ARGON2_VERSION

from common.crypto.symmetric import random_bytes
from common.crypto.wire import FormatError

PASSWORD_MAX = 1024
"""Bytes of UTF-8; a longer password is never right."""
SALT_BYTES = 16
HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """How much one guess costs.

    Attributes:
        memory_kib: 8 KiB per lane to 256 MiB; what a file or table says beyond that is refused unread.
        passes: 1 to 16.
        lanes: 1 to 16.
    """

    memory_kib: int
    passes: int
    lanes: int

    def __post_init__(self) -> None:
        """Refuse costs outside the bounds.

        Raises:
            ValueError: one is.
        """
        if not (1 <= self.passes <= 16 and 1 <= self.lanes <= 16):  # noqa: PLR2004
            raise ValueError("argon2id takes 1 to 16 passes and lanes")
        if not 8 * self.lanes <= self.memory_kib <= 262_144:  # noqa: PLR2004
            raise ValueError("argon2id takes 8 KiB per lane to 256 MiB")


STANDARD = PasswordCost(memory_kib=65_536, passes=3, lanes=4)
"""RFC 9106 §4, second recommended option; measured 0.3 s on a two-core machine."""


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """The outcome of a sign-in.

    Attributes:
        right: whether the password is the one hashed.
        rehash: whether it is right and the stored hash should be made again at today's cost.
    """

    right: bool
    rehash: bool


def password_bytes(password: str) -> bytes:
    """Return a password as hashed: NFKC, so that full-width letters of an input method do not matter."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def hash_password(password: str, cost: PasswordCost = STANDARD) -> str:
    """Return the hash to store, in PHC form, its salt and cost inside.

    Raises:
        ValueError: the password is longer than ``PASSWORD_MAX``.
    """
    data = password_bytes(password)
    if len(data) > PASSWORD_MAX:
        raise ValueError("a password is at most 1,024 bytes")
    return _hasher(cost).hash(data)


def check_password(stored: str | None, password: str, cost: PasswordCost = STANDARD) -> PasswordCheck:
    """Return whether the password fits; an unknown login (None) takes as long as a known one.

    Args:
        stored: what ``hash_password`` returned, or None when there is no such account.
        password: as typed.
        cost: today's cost, for ``rehash``.

    Raises:
        FormatError: ``stored`` is no argon2id hash, or its cost is outside the bounds.
    """
    data = password_bytes(password)
    known = stored if stored is not None else _nobody(cost)
    _check_stored(known)
    hasher = _hasher(cost)
    try:
        hasher.verify(known, data[:PASSWORD_MAX])
    except VerifyMismatchError:
        return PasswordCheck(right=False, rehash=False)
    except VerificationError as error:
        raise FormatError("not an argon2id hash", 0) from error
    right = stored is not None and len(data) <= PASSWORD_MAX
    return PasswordCheck(right=right, rehash=right and hasher.check_needs_rehash(known))


def _check_stored(stored: str) -> None:
    try:
        found = extract_parameters(stored)
        PasswordCost(found.memory_cost, found.time_cost, found.parallelism)
    except (InvalidHashError, ValueError) as error:
        raise FormatError("not an argon2id hash within the bounds", 0) from error
    if (found.type, found.version) != (Type.ID, ARGON2_VERSION) or not stored.isascii():
        raise FormatError("not an argon2id hash", 0)


@cache
def _nobody(cost: PasswordCost) -> str:
    return _hasher(cost).hash(random_bytes(HASH_BYTES))


def _hasher(cost: PasswordCost) -> PasswordHasher:
    return PasswordHasher(
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=HASH_BYTES,
        salt_len=SALT_BYTES,
        type=Type.ID,
    )
