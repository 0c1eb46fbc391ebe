"""The dialling end of SSH: its algorithms."""

import logging
from collections.abc import Iterator

import asyncssh
import pytest

from common.link.client import connect
from common.link.errors import IncompatibleError
from common.link.keys import private_key
from tests.common.link.conftest import HUB, VILLAGE, County, Serve


async def test_a_box_with_no_algorithm_of_ours_is_incompatible(county: County):
    async with asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[private_key(county.seed(HUB))],
        kex_algs=["diffie-hellman-group14-sha256"],
    ) as old:
        with pytest.raises(IncompatibleError):
            await connect("127.0.0.1", old.get_port(), county.node(VILLAGE), county.expected())


@pytest.fixture
def told_of_algorithms(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    caplog.set_level(logging.DEBUG, "asyncssh")
    asyncssh.set_debug_level(2)
    yield caplog
    asyncssh.set_debug_level(1)


async def test_jiujin_speaks_the_first_algorithms_of_its_lists(
    county: County, serve: Serve, told_of_algorithms: pytest.LogCaptureFixture
):
    server = await serve()
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    connection = channel._connection
    assert connection is not None
    assert connection.get_extra_info("send_cipher") == "aes256-gcm@openssh.com"
    assert connection.get_extra_info("recv_cipher") == "aes256-gcm@openssh.com"
    assert "Key exchange alg: mlkem768x25519-sha256" in told_of_algorithms.text
    await channel.close()
