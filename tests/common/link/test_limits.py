"""Limits that let somebody in."""

import pytest

from common.link.limits import ServerLimits


@pytest.mark.parametrize(
    "name",
    ["connections", "per_address", "enrolments", "login_seconds", "linger_seconds", "enrol_seconds"],
)
def test_a_limit_of_nothing_is_refused(name: str):
    with pytest.raises(ValueError, match="positive"):
        ServerLimits(**{name: 0})
