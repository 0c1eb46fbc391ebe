"""What every carrier promises: one suite over SSH and over WebSocket."""

import asyncio
import contextlib
import hashlib
import logging
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from common.link import client
from common.link.certificates import LinkIdentity
from common.link.errors import (
    BusyError,
    LineLostError,
    LinkError,
    PeerExpiredError,
    RefusedError,
    RenewalNeededError,
    UnreachableError,
    WrongPeerError,
)
from common.link.limits import READ_BUFFER, ServerLimits
from common.link.peer import REFUSED, Peer, Principal, Standing, Way
from common.sync.channel import Channel
from tests.builders.relay import relay
from tests.common.link.conftest import HUB, OTHER, VILLAGE, County, Road, raw

BLOCK = bytes(range(256)) * 256
BLOCKS = 256  # 16 MiB
STRANGE = b"\x09" * 32


async def test_a_node_and_the_hub_prove_themselves_to_each_other(county: County, road: Road):
    server = await road.serve()
    channel = await road.connect(server.port, county.node(VILLAGE))
    assert await channel.read() == b"session 130638-0417.g1\n"
    await channel.write(b"bytes")
    assert await channel.read() == b"bytes"
    assert server.inside == {VILLAGE}
    assert county.seen[0].carrier is road.carrier
    await channel.close()
    assert await channel.read() == b""
    await channel.close()


async def test_a_named_generation_is_held_against_the_host_certificate(county: County, road: Road):
    server = await road.serve()
    right = replace(county.expected(), generation=1)
    channel = await road.connect(server.port, county.node(VILLAGE), right)
    await channel.close()
    with pytest.raises(WrongPeerError):
        await road.connect(server.port, county.node(VILLAGE), replace(right, generation=2))


async def test_a_stranger_enrols_without_knowing_the_box_and_reaches_nothing_else(county: County, road: Road):
    server = await road.serve()
    channel = await road.enrol(server.port)
    assert await channel.read() == b"enrol None\n"
    assert server.inside == frozenset()
    assert [peer.way for peer in county.seen] == [Way.ENROL]
    await channel.close()


async def test_an_expired_node_is_told_to_renew_and_can(county: County, road: Road):
    server = await road.serve()
    expired = county.node(VILLAGE, days=-1)
    with pytest.raises(RenewalNeededError) as caught:
        await road.connect(server.port, expired)
    assert "续期" in caught.value.sentence
    channel = await road.connect(server.port, expired, way=Way.RENEW)
    assert await channel.read() == b"renew 130638-0417.g1\n"
    await channel.close()


async def test_a_valid_node_may_renew_early(county: County, road: Road):
    server = await road.serve()
    channel = await road.connect(server.port, county.node(VILLAGE), way=Way.RENEW)
    assert await channel.read() == b"renew 130638-0417.g1\n"
    await channel.close()


async def test_a_certificate_of_another_authority_over_a_registered_key_only_renews(
    county: County, road: Road
):
    server = await road.serve()
    with pytest.raises(RenewalNeededError):
        await road.connect(server.port, county.node(VILLAGE, authority=STRANGE))
    assert not county.seen


async def test_a_key_nobody_registered_reaches_nothing_without_a_valid_certificate(
    county: County, road: Road
):
    county.registry[VILLAGE] = Standing(admitted=True)
    server = await road.serve()
    for identity, way in (
        (county.node(VILLAGE, authority=STRANGE), Way.SESSION),
        (county.node(VILLAGE, days=-1), Way.SESSION),
        (county.node(VILLAGE), Way.RENEW),
    ):
        with pytest.raises(RefusedError) as caught:
            await road.connect(server.port, identity, way=way)
        assert type(caught.value) is RefusedError
    assert not county.seen


async def test_a_valid_certificate_lets_a_node_in_that_the_box_never_heard_of(county: County, road: Road):
    county.registry[VILLAGE] = Standing(admitted=True)
    server = await road.serve()
    channel = await road.connect(server.port, county.node(VILLAGE))
    assert await channel.read() == b"session 130638-0417.g1\n"
    await channel.close()


async def test_a_box_with_an_unmeasured_clock_looks_at_keys_and_not_at_dates(county: County, road: Road):
    county.dates_trusted = False
    server = await road.serve()
    channel = await road.connect(server.port, county.node(VILLAGE, days=-1))
    assert await channel.read() == b"session 130638-0417.g1\n"
    await channel.close()


async def test_a_revoked_node_is_refused_and_told_so(county: County, road: Road):
    county.registry[VILLAGE] = REFUSED
    server = await road.serve()
    for way in (Way.SESSION, Way.RENEW):
        with pytest.raises(RefusedError) as caught:
            await road.connect(server.port, county.node(VILLAGE), way=way)
        assert type(caught.value) is RefusedError
        assert not caught.value.retry
        assert caught.value.sentence.startswith("县级中心（130638-0001）")
    assert not county.seen


async def test_a_revoked_node_is_cut_while_it_is_connected(county: County, road: Road):
    server = await road.serve()
    channel = await road.connect(server.port, county.node(VILLAGE))
    other = await road.connect(server.port, county.node(OTHER))
    await channel.read()
    await other.read()
    server.expel(VILLAGE)
    assert await channel.read() == b""
    await other.write(b"still here")
    assert await other.read() == b"still here"
    await other.close()
    await channel.close()


@pytest.mark.parametrize("first", [True, False], ids=["revoked", "let-in-again"])
async def test_a_node_whose_standing_changes_while_it_logs_in_is_refused(
    county: County, road: Road, first: bool
):
    known = county.registry[VILLAGE]
    out = replace(known, admitted=False)
    answers = iter([known, out] if first else [out, known])

    async def standing(*_: object) -> Standing:
        return next(answers)

    county.standing = standing  # type: ignore[method-assign, assignment]
    server = await road.serve()
    with pytest.raises(RefusedError) as caught:
        await road.connect(server.port, county.node(VILLAGE))
    assert type(caught.value) is RefusedError


@pytest.mark.parametrize("named", [Principal(VILLAGE.node, 2), OTHER], ids=["generation", "node"])
async def test_another_name_over_a_valid_certificate_is_refused(county: County, road: Road, named: Principal):
    county.registry[Principal(VILLAGE.node, 2)] = Standing(admitted=True)
    server = await road.serve()
    borrowed = replace(county.node(VILLAGE), principal=named)
    for way in (Way.SESSION, Way.RENEW):
        with pytest.raises(RefusedError) as caught:
            await road.connect(server.port, borrowed, way=way)
        assert type(caught.value) is RefusedError
    assert not county.seen


async def test_anothers_certificate_over_ones_own_key_is_refused(county: County, road: Road):
    server = await road.serve()
    stolen = replace(county.node(OTHER), seed=county.seed(VILLAGE))
    with pytest.raises((RefusedError, ValueError)):
        await road.connect(server.port, stolen)
    assert not county.seen


@pytest.mark.parametrize(
    "impostor",
    [
        pytest.param(lambda county: county.box(OTHER), id="another-box-of-the-county"),
        pytest.param(lambda county: county.box(HUB, authority=STRANGE), id="another-authority"),
        pytest.param(lambda county: replace(county.box(HUB), certificate=None), id="no-certificate"),
        pytest.param(
            lambda county: replace(county.box(HUB), certificate=county.node(HUB).certificate),
            id="a-certificate-for-dialling",
        ),
    ],
)
async def test_whoever_is_not_the_hub_gets_nothing(
    county: County, road: Road, impostor: Callable[[County], LinkIdentity]
):
    server = await road.serve(identity=impostor(county))
    with pytest.raises(WrongPeerError) as caught:
        await road.connect(server.port, county.node(VILLAGE))
    assert type(caught.value) is WrongPeerError
    assert not county.asked


async def test_a_revoked_box_is_not_believed_though_its_certificate_lasts(county: County, road: Road):
    server = await road.serve()
    expected = replace(county.expected(), revoked=frozenset({raw(county.seed(HUB))}))
    with pytest.raises(WrongPeerError):
        await road.connect(server.port, county.node(VILLAGE), expected)


async def test_an_expired_host_certificate_is_named_and_a_pinned_key_asks_no_date(county: County, road: Road):
    server = await road.serve(identity=county.box(HUB, days=-1))
    with pytest.raises(PeerExpiredError):
        await road.connect(server.port, county.node(VILLAGE))
    pinned = replace(county.expected(), pinned=raw(county.seed(HUB)))
    channel = await road.connect(server.port, county.node(VILLAGE), pinned)
    assert await channel.read() == b"session 130638-0417.g1\n"
    await channel.close()
    with pytest.raises(WrongPeerError):
        await road.connect(server.port, county.node(VILLAGE), replace(pinned, pinned=raw(county.seed(OTHER))))


async def test_new_certificates_and_authorities_are_taken_without_a_restart(county: County, road: Road):
    server = await road.serve()
    new_authority = b"\x77" * 32
    server.renew(county.box(HUB, authority=new_authority), {raw(new_authority)})
    with pytest.raises(WrongPeerError):
        await road.connect(server.port, county.node(VILLAGE))
    old_node = county.node(VILLAGE)
    county.authority = new_authority
    channel = await road.connect(server.port, county.node(VILLAGE))
    await channel.close()
    with pytest.raises(RenewalNeededError):
        await road.connect(server.port, old_node)


async def test_nobody_listening_is_unreachable(county: County, road: Road):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(UnreachableError) as caught:
            await road.connect(port, county.node(VILLAGE), county.expected(OTHER))
    assert caught.value.sentence.startswith("连不上乡镇节点（130638-0418）")
    assert caught.value.retry


async def test_a_box_that_never_answers_is_unreachable(
    county: County, road: Road, monkeypatch: pytest.MonkeyPatch
):
    for module in ("common.link.client", "common.link.websocket.client"):
        monkeypatch.setattr(f"{module}.CONNECT_SECONDS", 0.05)
    hung_up = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(100):
            pass
        writer.close()
        hung_up.set()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as quiet:
        with pytest.raises(UnreachableError):
            await road.connect(quiet.sockets[0].getsockname()[1], county.node(VILLAGE))
        await hung_up.wait()


async def test_something_that_is_no_jiujin_is_a_link_error(county: County, road: Road):
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(web, "127.0.0.1", 0) as other:
        with pytest.raises(LinkError):
            await road.connect(other.sockets[0].getsockname()[1], county.node(VILLAGE))


async def test_a_full_house_is_busy_for_strangers_and_open_for_nodes(county: County, road: Road):
    server = await road.serve(limits=ServerLimits(enrolments=1))
    first = await road.enrol(server.port)
    with pytest.raises(BusyError):
        await road.enrol(server.port)
    node = await road.connect(server.port, county.node(VILLAGE))
    await node.close()
    await first.close()


async def test_one_address_cannot_take_every_place(county: County, road: Road):
    server = await road.serve(limits=ServerLimits(per_address=1))
    first = await road.connect(server.port, county.node(VILLAGE))
    with pytest.raises(LineLostError):
        await road.connect(server.port, county.node(OTHER))
    await first.close()


async def test_a_connection_that_says_nothing_is_hung_up(road: Road):
    server = await road.serve(limits=ServerLimits(login_seconds=0.05))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    while await reader.read(100):
        pass
    writer.close()
    await writer.wait_closed()


async def test_an_enrolment_cannot_hold_its_place_for_ever(road: Road):
    server = await road.serve(limits=ServerLimits(enrol_seconds=1))
    channel = await road.enrol(server.port)
    await channel.read()
    assert await channel.read() == b""
    await channel.close()


async def test_closing_ends_every_handler_and_line(county: County, road: Road):
    ended = asyncio.Event()

    async def wait_for_ever(_: Peer, channel: Channel) -> None:
        try:
            await channel.write(b"in")
            await asyncio.Event().wait()
        finally:
            ended.set()

    server = await road.serve(wait_for_ever)
    channel = await road.connect(server.port, county.node(VILLAGE))
    await channel.read()
    await server.close()
    assert ended.is_set()
    assert server.inside == frozenset()
    assert await channel.read() == b""
    await channel.close()


async def test_a_handler_that_fails_is_logged_and_harms_no_other(
    county: County, road: Road, caplog: pytest.LogCaptureFixture
):
    async def fail(peer: Peer, channel: Channel) -> None:
        if peer.principal == VILLAGE:
            raise LookupError("a fault of ours")
        await channel.write(b"fine")

    server = await road.serve(fail)
    broken = await road.connect(server.port, county.node(VILLAGE))
    assert await broken.read() == b""
    fine = await road.connect(server.port, county.node(OTHER))
    assert await fine.read() == b"fine"
    await broken.close()
    await fine.close()
    failures = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [record.__dict__["event"] for record in failures] == ["handler_failed"]


async def test_a_handler_that_meets_a_cut_line_is_no_fault(
    county: County, road: Road, caplog: pytest.LogCaptureFixture
):
    async def cut(peer: Peer, channel: Channel) -> None:
        raise LineLostError(peer.node, "cut")

    server = await road.serve(cut)
    channel = await road.connect(server.port, county.node(VILLAGE))
    assert await channel.read() == b""
    await channel.close()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_no_log_names_an_address_of_the_network(
    county: County, road: Road, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "common")
    server = await road.serve()
    with pytest.raises(RefusedError):
        await road.connect(server.port, replace(county.node(VILLAGE), principal=Principal(VILLAGE.node, 9)))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"\x16\x03\x01 no handshake at all\r\n\r\n" * 100)
    while await reader.read(100):
        pass
    writer.close()
    await server.close()
    assert "127.0.0.1" not in caplog.text


async def test_an_address_in_use_is_an_os_error(county: County, road: Road):
    server = await road.serve()
    second = type(server)(county.box(HUB), set(), county.standing, county.echo)
    assert second.port == 0
    with pytest.raises(OSError, match=r"(?i)address already in use"):
        await second.listen("127.0.0.1", server.port)
    await second.close()


async def test_megabytes_pass_both_ways_at_once_and_in_order(county: County, road: Road):
    server = await road.serve()
    channel = await road.connect(server.port, county.node(VILLAGE))
    await channel.read()

    async def pour() -> None:
        for _ in range(BLOCKS):
            await channel.write(BLOCK)

    pouring = asyncio.create_task(pour())
    digest, received = hashlib.sha256(), 0
    while received < len(BLOCK) * BLOCKS:
        data = await channel.read()
        assert 0 < len(data) <= 1024 * 1024
        digest.update(data)
        received += len(data)
    await pouring
    assert digest.digest() == hashlib.sha256(BLOCK * BLOCKS).digest()
    await channel.close()


async def test_one_write_of_megabytes_is_one_stream(county: County, road: Road):
    server = await road.serve()
    channel = await road.connect(server.port, county.node(VILLAGE))
    await channel.read()
    writing = asyncio.create_task(channel.write(BLOCK * 40))
    received = bytearray()
    while len(received) < len(BLOCK) * 40:
        received += await channel.read()
    await writing
    assert received == BLOCK * 40
    await channel.close()


async def test_a_fast_sender_waits_for_a_slow_reader(county: County, road: Road):
    async def pour(_: Peer, channel: Channel) -> None:
        for _number in range(BLOCKS):
            await channel.write(BLOCK)

    server = await road.serve(pour)
    channel = await road.connect(server.port, county.node(VILLAGE))
    received, held = 0, 0
    digest = hashlib.sha256()
    while data := await channel.read():
        digest.update(data)
        received += len(data)
        held = max(held, channel._held)  # type: ignore[attr-defined]
    await channel.close()
    assert digest.digest() == hashlib.sha256(BLOCK * BLOCKS).digest()
    assert held <= READ_BUFFER + 128 * 1024


async def test_a_reader_that_does_not_read_stops_the_sender(county: County, road: Road):
    server_end: list[Channel] = []
    stop = asyncio.Event()

    async def take_nothing(_: Peer, channel: Channel) -> None:
        server_end.append(channel)
        await stop.wait()

    server = await road.serve(take_nothing)
    channel = await road.connect(server.port, county.node(VILLAGE))
    written = 0

    async def pour() -> None:
        nonlocal written
        while written < 64 * 1024 * 1024:  # far more than any buffer of ours or of the system
            await channel.write(BLOCK)
            written += len(BLOCK)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(pour(), 1.5)
    assert READ_BUFFER < written < 32 * 1024 * 1024
    assert server_end[0]._held <= READ_BUFFER + 128 * 1024  # type: ignore[attr-defined]
    stop.set()
    await channel.close()


async def test_a_line_cut_inside_a_chunk_gives_a_beginning_and_then_its_end_at_both_ends(
    county: County, road: Road
):
    ended: asyncio.Future[tuple[bytes, ConnectionError]] = asyncio.get_running_loop().create_future()
    begin = asyncio.Event()

    async def pour(_: Peer, channel: Channel) -> None:
        await begin.wait()
        try:
            while True:
                await channel.write(BLOCK)
        except ConnectionError as error:
            ended.set_result((await channel.read(), error))

    server = await road.serve(pour)
    async with relay(server.port) as between:
        channel = await road.connect(between.port, county.node(VILLAGE))
        between.passes = 10 * len(BLOCK) + 777
        begin.set()
        received = bytearray()
        while data := await channel.read():
            received += data
        whole = BLOCK * 11
        assert len(BLOCK) < len(received) < len(whole)
        assert whole.startswith(received)
        rest, error = await ended
        assert rest == b""
        assert isinstance(error, LineLostError)
        with pytest.raises(LineLostError) as caught:
            await channel.write(b"too late")
        assert "线路断了" in caught.value.sentence
        await channel.close()


async def test_a_cut_line_wakes_a_writer_that_waits(county: County, road: Road):
    stop = asyncio.Event()

    async def take_nothing(_: Peer, channel: Channel) -> None:
        await stop.wait()

    server = await road.serve(take_nothing)
    channel = await road.connect(server.port, county.node(VILLAGE))

    async def pour() -> None:
        while True:
            await channel.write(BLOCK)

    pouring = asyncio.create_task(pour())
    done, _ = await asyncio.wait({pouring}, timeout=0.5)
    assert not done
    server.expel(VILLAGE)
    with pytest.raises(LineLostError):
        await pouring
    stop.set()
    await channel.close()


async def test_bytes_sent_before_the_end_are_read_before_the_end(county: County, road: Road):
    async def speak_and_leave(_: Peer, channel: Channel) -> None:
        await channel.write(BLOCK * 20)
        await channel.write(b"last words")
        await channel.close()

    server = await road.serve(speak_and_leave)
    channel = await road.connect(server.port, county.node(VILLAGE))
    received = bytearray()
    while data := await channel.read():
        received += data
    assert received == BLOCK * 20 + b"last words"
    await channel.close()


async def pour_out(channel: Channel) -> None:
    """Write until the line ends."""
    with contextlib.suppress(ConnectionError):
        while True:
            await channel.write(BLOCK)


async def everything(channel: Channel) -> bytes:
    received = bytearray()
    while data := await channel.read():
        received += data
    return bytes(received)


async def test_what_a_dialler_sent_arrives_though_it_left_unread_what_came(county: County, road: Road):
    heard: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    listen = asyncio.Event()

    async def listen_and_pour(_: Peer, channel: Channel) -> None:
        pouring = asyncio.create_task(pour_out(channel))
        await listen.wait()
        heard.set_result(await everything(channel))
        await pouring

    async def speak_and_leave() -> None:
        await channel.write(BLOCK * 16)
        await channel.write(b"last words")
        await channel.close()

    server = await road.serve(listen_and_pour)
    channel = await road.connect(server.port, county.node(VILLAGE))
    leaving = asyncio.create_task(speak_and_leave())
    await asyncio.wait({leaving}, timeout=0.5)
    listen.set()
    assert await heard == BLOCK * 16 + b"last words"
    await leaving


async def test_what_a_server_sent_arrives_though_it_left_unread_what_came(county: County, road: Road):
    async def speak_and_leave(_: Peer, channel: Channel) -> None:
        await channel.write(BLOCK * 16)
        await channel.write(b"last words")

    server = await road.serve(speak_and_leave)
    channel = await road.connect(server.port, county.node(VILLAGE))
    pouring = asyncio.create_task(pour_out(channel))
    await asyncio.wait({pouring}, timeout=0.5)
    assert await everything(channel) == BLOCK * 16 + b"last words"
    await channel.close()
    await pouring


async def test_a_reader_that_was_cancelled_loses_no_byte(county: County, road: Road):
    server = await road.serve()
    channel = await road.connect(server.port, county.node(VILLAGE))
    await channel.read()
    reading = asyncio.create_task(channel.read())
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.wait({reading})
    await channel.write(b"after all")
    assert await channel.read() == b"after all"
    await channel.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keepalives a hundred times as often."""
    monkeypatch.setattr("common.link.server.KEEPALIVE_SECONDS", 0.15)
    monkeypatch.setattr("common.link.websocket.channel.KEEPALIVE_SECONDS", 0.15)
    monkeypatch.setitem(client._FIXED, "keepalive_interval", 0.15)


@pytest.mark.usefixtures("impatient")
async def test_a_dead_line_is_noticed_at_both_ends_though_nobody_hangs_up(county: County, road: Road):
    ended = asyncio.Event()

    async def listen(_: Peer, channel: Channel) -> None:
        await channel.write(b"in")
        assert await channel.read() == b""
        ended.set()

    server = await road.serve(listen)
    async with relay(server.port) as between:
        channel = await road.connect(between.port, county.node(VILLAGE))
        assert await channel.read() == b"in"
        between.pulled = True
        async with asyncio.timeout(30):
            assert await channel.read() == b""
            await ended.wait()
        with pytest.raises(LineLostError):
            await channel.write(b"x")
        await channel.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("fault", ["pulled", "swallows"])
async def test_a_writer_learns_that_its_line_is_dead(county: County, road: Road, fault: str):
    server = await road.serve()
    async with relay(server.port) as between:
        channel = await road.connect(between.port, county.node(VILLAGE))
        await channel.read()
        setattr(between, fault, True)

        async def pour() -> None:
            while True:
                await channel.write(BLOCK)

        with pytest.raises(LineLostError):
            await asyncio.wait_for(pour(), 30)
        await channel.close()


@pytest.mark.usefixtures("impatient")
async def test_a_quiet_line_that_lives_is_kept(county: County, road: Road):
    server = await road.serve()
    channel = await road.connect(server.port, county.node(VILLAGE))
    await channel.read()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(channel.read(), 1.5)  # ten keepalives
    await channel.write(b"still here")
    assert await channel.read() == b"still here"
    await channel.close()
