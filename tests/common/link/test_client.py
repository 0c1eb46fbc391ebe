"""The dialling end: whom it believes, and the name of each thing that goes wrong."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace

import asyncssh
import pytest

from common.link.client import connect, connect_to_enrol
from common.link.errors import (
    BusyError,
    IncompatibleError,
    LineLostError,
    LinkError,
    PeerExpiredError,
    RefusedError,
    RenewalNeededError,
    UnreachableError,
    WrongPeerError,
)
from common.link.keys import private_key
from common.link.limits import ServerLimits
from common.link.peer import REFUSED, Principal, Standing, Way
from tests.common.link.conftest import HUB, OTHER, VILLAGE, County, Serve, raw


async def test_a_node_and_the_hub_prove_themselves_to_each_other(county: County, serve: Serve):
    server = await serve()
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    assert await channel.read() == b"session 130638-0417.g1\n"
    await channel.write(b"bytes")
    assert await channel.read() == b"bytes"
    assert server.inside == {VILLAGE}
    await channel.close()
    assert await channel.read() == b""
    await channel.close()


async def test_a_named_generation_is_held_against_the_host_certificate(county: County, serve: Serve):
    server = await serve()
    right = replace(county.expected(), generation=1)
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), right)
    await channel.close()
    with pytest.raises(WrongPeerError):
        await connect("127.0.0.1", server.port, county.node(VILLAGE), replace(right, generation=2))


async def test_a_stranger_enrols_without_knowing_the_box(county: County, serve: Serve):
    server = await serve()
    channel = await connect_to_enrol("127.0.0.1", server.port)
    assert await channel.read() == b"enrol None\n"
    assert server.inside == frozenset()
    await channel.close()


async def test_an_expired_node_is_told_to_renew_and_can(county: County, serve: Serve):
    server = await serve()
    expired = county.node(VILLAGE, days=-1)
    with pytest.raises(RenewalNeededError) as caught:
        await connect("127.0.0.1", server.port, expired, county.expected())
    assert "续期" in caught.value.sentence
    channel = await connect("127.0.0.1", server.port, expired, county.expected(), Way.RENEW)
    assert await channel.read() == b"renew 130638-0417.g1\n"
    await channel.close()


async def test_a_certificate_of_another_authority_over_a_registered_key_only_renews(
    county: County, serve: Serve
):
    server = await serve()
    with pytest.raises(RenewalNeededError):
        await connect(
            "127.0.0.1", server.port, county.node(VILLAGE, authority=b"\x09" * 32), county.expected()
        )
    assert not county.seen


async def test_a_revoked_node_is_refused_and_told_so(county: County, serve: Serve):
    county.registry[VILLAGE] = REFUSED
    server = await serve()
    with pytest.raises(RefusedError) as caught:
        await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    assert type(caught.value) is RefusedError
    assert not caught.value.retry
    assert caught.value.sentence.startswith("县级中心（130638-0001）")


@pytest.mark.parametrize(
    "impostor",
    [
        pytest.param(lambda county: county.box(OTHER), id="another-box-of-the-county"),
        pytest.param(lambda county: county.box(HUB, authority=b"\x09" * 32), id="another-authority"),
        pytest.param(lambda county: replace(county.box(HUB), certificate=None), id="no-certificate"),
    ],
)
async def test_whoever_is_not_the_hub_gets_nothing(county: County, serve: Serve, impostor):
    server = await serve(identity=impostor(county))
    with pytest.raises(WrongPeerError) as caught:
        await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    assert type(caught.value) is WrongPeerError
    assert not county.asked


async def test_a_revoked_box_is_not_believed_though_its_certificate_lasts(county: County, serve: Serve):
    server = await serve()
    expected = replace(county.expected(), revoked=frozenset({raw(county.seed(HUB))}))
    with pytest.raises(WrongPeerError):
        await connect("127.0.0.1", server.port, county.node(VILLAGE), expected)


async def test_an_expired_host_certificate_is_named_and_a_pinned_key_asks_no_date(
    county: County, serve: Serve
):
    server = await serve(identity=county.box(HUB, days=-1))
    with pytest.raises(PeerExpiredError):
        await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    pinned = replace(county.expected(), pinned=raw(county.seed(HUB)))
    channel = await connect("127.0.0.1", server.port, county.node(VILLAGE), pinned)
    assert await channel.read() == b"session 130638-0417.g1\n"
    await channel.close()
    with pytest.raises(WrongPeerError):
        await connect(
            "127.0.0.1",
            server.port,
            county.node(VILLAGE),
            replace(pinned, pinned=raw(county.seed(OTHER))),
        )


async def test_nobody_listening_is_unreachable(county: County):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(UnreachableError) as caught:
            await connect("127.0.0.1", port, county.node(VILLAGE), county.expected(OTHER))
    assert caught.value.sentence.startswith("连不上乡镇节点（130638-0418）")
    assert caught.value.retry


async def test_a_box_that_never_answers_is_unreachable(county: County, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("common.link.client.CONNECT_SECONDS", 0.05)
    hung_up = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        hung_up.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as quiet:
        port = quiet.sockets[0].getsockname()[1]
        with pytest.raises(UnreachableError):
            await connect("127.0.0.1", port, county.node(VILLAGE), county.expected())
        await hung_up.wait()


async def test_something_that_is_no_jiujin_is_a_link_error(county: County):
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(web, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        with pytest.raises(LinkError):
            await connect("127.0.0.1", port, county.node(VILLAGE), county.expected())


async def test_a_full_house_is_busy_for_strangers_and_open_for_nodes(county: County, serve: Serve):
    server = await serve(limits=ServerLimits(enrolments=1))
    first = await connect_to_enrol("127.0.0.1", server.port)
    with pytest.raises(BusyError):
        await connect_to_enrol("127.0.0.1", server.port)
    node = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    await node.close()
    await first.close()


async def test_one_address_cannot_take_every_place(county: County, serve: Serve):
    server = await serve(limits=ServerLimits(per_address=1))
    first = await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    with pytest.raises(LineLostError):
        await connect("127.0.0.1", server.port, county.node(OTHER), county.expected())
    await first.close()


async def test_another_name_over_a_valid_certificate_is_refused(county: County, serve: Serve):
    server = await serve()
    borrowed = replace(county.node(VILLAGE), principal=Principal(VILLAGE.node, 2))
    with pytest.raises(RefusedError):
        await connect("127.0.0.1", server.port, borrowed, county.expected())


async def test_a_node_revoked_between_log_in_and_session_is_refused(county: County, serve: Serve):
    answers = iter([county.registry[VILLAGE], REFUSED])

    async def standing(*_: object) -> Standing:
        return next(answers)

    county.standing = standing  # type: ignore[method-assign, assignment]
    server = await serve()
    with pytest.raises(RefusedError) as caught:
        await connect("127.0.0.1", server.port, county.node(VILLAGE), county.expected())
    assert type(caught.value) is RefusedError
    assert server.port


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
