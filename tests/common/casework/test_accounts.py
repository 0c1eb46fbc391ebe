"""Promises of signing in: few guesses, however they come; the right password comes in in the end."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from common.casework.accounts import (
    FREE_TRIES,
    NewAccount,
    SignInRefusedError,
    SignInWaitError,
    add_user,
    prove,
)
from common.casework.clock import NodeClock
from common.casework.desk import Desk
from common.domain.grants import Role
from common.store import accounts
from tests.builders.cases import NOON

PASSWORD = "a long enough one"


async def with_account(desk: Desk) -> None:
    new = NewAccount("li", "李丽", frozenset({Role.HELPER}))
    await add_user(desk.open, desk.vault, new, PASSWORD, None)


def at(minutes: float) -> NodeClock:
    return NodeClock(lambda: NOON + timedelta(minutes=minutes))


async def guess(desk: Desk, clock: NodeClock, password: str) -> type[Exception] | None:
    try:
        await prove(desk.open, clock, "li", password)
    except (SignInRefusedError, SignInWaitError) as refused:
        return type(refused)
    return None


async def test_many_guesses_at_once_get_no_more_tries_than_one_after_the_other(village: Desk) -> None:
    await with_account(village)
    told = await asyncio.gather(*(guess(village, at(0), f"guess {number}") for number in range(12)))
    assert told.count(SignInRefusedError) == FREE_TRIES
    assert told.count(SignInWaitError) == 12 - FREE_TRIES
    assert await guess(village, at(0.5), PASSWORD) is SignInWaitError
    assert await guess(village, at(1.1), PASSWORD) is None


async def test_the_wait_doubles_and_the_right_password_ends_it(village: Desk) -> None:
    await with_account(village)
    await asyncio.gather(*(guess(village, at(0), "wrong") for _ in range(FREE_TRIES)))
    assert await guess(village, at(1.1), "wrong") is SignInRefusedError
    assert await guess(village, at(2.9), PASSWORD) is SignInWaitError
    assert await guess(village, at(3.2), PASSWORD) is None
    assert await guess(village, at(3.2), "wrong") is SignInRefusedError
    assert await guess(village, at(3.2), PASSWORD) is None


async def test_no_wait_is_longer_than_an_hour(village: Desk) -> None:
    await with_account(village)
    await asyncio.gather(*(guess(village, at(0), "wrong") for _ in range(FREE_TRIES)))
    hours = range(1, 12)  # the waits before an hour are 1, 2, 4 … 32 minutes
    for hour in hours:
        assert await guess(village, at(hour * 60), "wrong") is SignInRefusedError, "the hour is over"
    last = hours[-1] * 60
    assert await guess(village, at(last + 59), PASSWORD) is SignInWaitError
    assert await guess(village, at(last + 60.1), PASSWORD) is None


async def test_a_clock_set_back_locks_nobody_out(village: Desk) -> None:
    await with_account(village)
    await asyncio.gather(*(guess(village, at(0), "wrong") for _ in range(FREE_TRIES)))
    assert await guess(village, at(-600), PASSWORD) is None


async def test_a_closed_account_and_an_unknown_one_are_refused_alike(village: Desk) -> None:
    await with_account(village)
    account = await village.open.read(lambda tx: accounts.find(tx, "li"))
    assert account is not None
    closed = replace(account, disabled=True)
    await village.open.write(lambda tx: accounts.save(tx, closed))
    assert await guess(village, at(0), PASSWORD) is SignInRefusedError
    with pytest.raises(SignInRefusedError):
        await prove(village.open, at(0), "nobody", PASSWORD)
