"""The promises of docs/spec/ssh.md §4, kept against the real OpenSSH client."""

import pytest

from common.link.peer import REFUSED, Principal, Standing, Way
from tests.common.link.conftest import OTHER, VILLAGE, County, OpenSsh, Serve, raw

DENIED = "Permission denied (publickey)"


async def test_a_valid_certificate_reaches_the_session(county: County, serve: Serve, openssh: OpenSsh):
    server = await serve()
    said = await openssh.subsystem(server, str(VILLAGE), county.node(VILLAGE), "jiujin", b"bytes there")
    assert (said.code, said.out) == (0, b"session 130638-0417.g1\nbytes there"), said.err
    assert [peer.way for peer in county.seen] == [Way.SESSION]
    assert county.asked == [VILLAGE, VILLAGE]  # at log-in and once more at the session


async def test_a_valid_certificate_reaches_renewal_but_not_enrolment(
    county: County, serve: Serve, openssh: OpenSsh
):
    server = await serve()
    renewed = await openssh.subsystem(server, str(VILLAGE), county.node(VILLAGE), "jiujin-renew")
    assert renewed.out == b"renew 130638-0417.g1\nhello"
    enrolled = await openssh.subsystem(server, str(VILLAGE), county.node(VILLAGE), "jiujin-enrol")
    assert enrolled.out == b""
    assert "subsystem request failed" in enrolled.err


@pytest.mark.parametrize("user", [str(OTHER), "130638-0417.g2", "130638-0417", "130638-0001.g1", "root"])
@pytest.mark.parametrize("subsystem", [way.subsystem for way in Way])
async def test_another_name_reaches_nothing(
    county: County, serve: Serve, openssh: OpenSsh, user: str, subsystem: str
):
    server = await serve()
    said = await openssh.subsystem(server, user, county.node(VILLAGE), subsystem)
    assert DENIED in said.err
    assert not county.seen


@pytest.mark.parametrize("subsystem", [way.subsystem for way in Way])
async def test_a_revoked_node_reaches_nothing(county: County, serve: Serve, openssh: OpenSsh, subsystem: str):
    county.registry[VILLAGE] = Standing(admitted=False, transport_key=raw(county.seed(VILLAGE)))
    server = await serve()
    said = await openssh.subsystem(server, str(VILLAGE), county.node(VILLAGE), subsystem)
    assert DENIED in said.err
    assert not county.seen


async def test_a_node_revoked_after_its_log_in_opens_nothing(county: County, serve: Serve, openssh: OpenSsh):
    answers = iter([county.registry[VILLAGE], REFUSED])

    async def standing(*_: object) -> Standing:
        return next(answers)

    county.standing = standing  # type: ignore[method-assign, assignment]
    server = await serve()
    said = await openssh.subsystem(server, str(VILLAGE), county.node(VILLAGE), "jiujin")
    assert "no longer admitted" in said.err
    assert not county.seen


async def test_without_a_certificate_only_enrolment_is_reached(
    county: County, serve: Serve, openssh: OpenSsh
):
    server = await serve()
    enrolled = await openssh.subsystem(server, "enrol", None, "jiujin-enrol")
    assert (enrolled.code, enrolled.out) == (0, b"enrol None\nhello"), enrolled.err
    for subsystem in ("jiujin", "jiujin-renew", "sftp"):
        refused = await openssh.subsystem(server, "enrol", None, subsystem)
        assert "subsystem request failed" in refused.err
    assert DENIED in (await openssh.subsystem(server, str(VILLAGE), None, "jiujin")).err
    assert [peer.way for peer in county.seen] == [Way.ENROL]


async def test_an_expired_certificate_reaches_only_renewal(county: County, serve: Serve, openssh: OpenSsh):
    server = await serve()
    expired = county.node(VILLAGE, days=-1)
    renewed = await openssh.subsystem(server, str(VILLAGE), expired, "jiujin-renew")
    assert (renewed.code, renewed.out) == (0, b"renew 130638-0417.g1\nhello"), renewed.err
    for subsystem in ("jiujin", "jiujin-enrol"):
        refused = await openssh.subsystem(server, str(VILLAGE), expired, subsystem)
        assert "subsystem request failed" in refused.err
    assert [peer.way for peer in county.seen] == [Way.RENEW]


async def test_an_expired_certificate_of_an_unknown_key_reaches_nothing(
    county: County, serve: Serve, openssh: OpenSsh
):
    county.registry[VILLAGE] = Standing(admitted=True, transport_key=raw(county.seed(OTHER)))
    server = await serve()
    said = await openssh.subsystem(server, str(VILLAGE), county.node(VILLAGE, days=-1), "jiujin-renew")
    assert DENIED in said.err


async def test_a_certificate_of_another_authority_reaches_nothing_with_an_unregistered_key(
    county: County, serve: Serve, openssh: OpenSsh
):
    forged_of = Principal(VILLAGE.node, 9)
    county.registry[forged_of] = Standing(admitted=True, transport_key=raw(county.seed(VILLAGE)))
    server = await serve()
    forged = county.node(forged_of, authority=b"\x09" * 32)
    for way in Way:
        assert DENIED in (await openssh.subsystem(server, str(forged_of), forged, way.subsystem)).err
    assert not county.seen


async def test_a_host_certificate_lets_nobody_in(county: County, serve: Serve, openssh: OpenSsh):
    county.registry[VILLAGE] = Standing(admitted=True)
    server = await serve()
    said = await openssh.subsystem(server, str(VILLAGE), county.box(VILLAGE), "jiujin")
    assert DENIED in said.err


async def test_with_an_unmeasured_clock_the_registered_key_counts_and_dates_do_not(
    county: County, serve: Serve, openssh: OpenSsh
):
    county.dates_trusted = False
    server = await serve()
    said = await openssh.subsystem(server, str(VILLAGE), county.node(VILLAGE, days=-1), "jiujin")
    assert said.out == b"session 130638-0417.g1\nhello"


@pytest.mark.parametrize("user", [str(VILLAGE), "enrol"])
async def test_no_shell_no_command_no_terminal_no_file_transfer(
    county: County, serve: Serve, openssh: OpenSsh, user: str
):
    server = await serve()
    identity = county.node(VILLAGE)
    shell = await openssh.run(server, user, identity, "127.0.0.1")
    assert "shell request failed" in shell.err
    command = await openssh.run(server, user, identity, "127.0.0.1", "id")
    assert "exec request failed" in command.err
    terminal = await openssh.run(server, user, identity, "-tt", "127.0.0.1")
    assert "PTY allocation request failed" in terminal.err
    files = await openssh.subsystem(server, user, identity, "sftp")
    assert "subsystem request failed" in files.err
    assert {said.out for said in (shell, command, terminal, files)} == {b""}
    assert not county.seen


@pytest.mark.parametrize("user", [str(VILLAGE), "enrol"])
async def test_no_forwarding_either_way(county: County, serve: Serve, openssh: OpenSsh, user: str):
    server = await serve()
    identity = county.node(VILLAGE)
    out = await openssh.run(server, user, identity, "-W", f"127.0.0.1:{server.port}", "127.0.0.1")
    assert "open failed" in out.err
    back = await openssh.run(
        server,
        user,
        identity,
        "-N",
        "-o",
        "ExitOnForwardFailure=yes",
        "-R",
        "127.0.0.1:0:127.0.0.1:1",
        "127.0.0.1",
    )
    assert "remote port forwarding failed" in back.err


async def test_the_hub_proves_which_box_it_is(county: County, serve: Serve, openssh: OpenSsh):
    server = await serve(identity=county.box(OTHER))
    said = await openssh.subsystem(server, str(VILLAGE), county.node(VILLAGE), "jiujin")
    assert said.out == b""
    assert "Host key verification failed" in said.err
    assert not county.seen


async def test_only_named_algorithms_are_offered(county: County, serve: Serve, openssh: OpenSsh):
    server = await serve()
    for option in (
        "KexAlgorithms=diffie-hellman-group14-sha1",
        "Ciphers=chacha20-poly1305@openssh.com",
        "Ciphers=aes256-ctr",
    ):
        said = await openssh.run(
            server, str(VILLAGE), county.node(VILLAGE), "-o", option, "-s", "127.0.0.1", "jiujin"
        )
        assert "no matching" in said.err.lower()
    said = await openssh.run(
        server, str(VILLAGE), county.node(VILLAGE), "-v", "-s", "127.0.0.1", "jiujin", data=b"x"
    )
    assert "kex: algorithm: curve25519-sha256" in said.err
    assert said.err.count("-gcm@openssh.com") >= 2  # the client chooses; both ways
