"""Tries are counted in a window that slides."""

from datetime import timedelta

import pytest

from common.web.attempts import Attempts, TooManyTriesError
from tests.common.web.conftest import Clock


def test_failures_are_forgotten_with_time():
    clock = Clock()
    attempts = Attempts(2, timedelta(minutes=10), clock)
    attempts.failed("a")
    clock.pass_(timedelta(minutes=6))
    attempts.failed("a")
    with pytest.raises(TooManyTriesError) as told:
        attempts.check("a")
    assert told.value.wait == timedelta(minutes=4)
    assert "请过4分钟再试" in told.value.sentence
    attempts.check("b")
    clock.pass_(timedelta(minutes=4))
    attempts.check("a")


def test_success_forgets_failures():
    attempts = Attempts(1, timedelta(minutes=10), Clock())
    attempts.failed("a")
    attempts.passed("a")
    attempts.check("a")


def test_many_names_never_fill_the_memory():
    attempts = Attempts(1, timedelta(minutes=10), Clock())
    for at in range(20_100):
        attempts.failed(str(at))
    attempts.check("0")
    with pytest.raises(TooManyTriesError):
        attempts.check("20099")
