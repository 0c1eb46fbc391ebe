"""Whoever reaches the hub's port: the real ``ssh`` client against the running hub, and a revoked node."""

import asyncio
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from common.domain.node import Tier
from common.exchange.standing import ssh_certificates
from common.link.keys import private_key
from common.program.directory import NodeDirectory
from common.program.house import House
from demo.programs import Program
from demo.story import until
from tests.security.used_county import UsedCounty

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("used_county"),
    pytest.mark.timeout(900),
]
_OPTIONS = {
    "BatchMode": "yes",
    "IdentitiesOnly": "yes",
    "IdentityAgent": "none",
    "StrictHostKeyChecking": "no",
    "UserKnownHostsFile": "/dev/null",
    "GlobalKnownHostsFile": "/dev/null",
    "ConnectTimeout": "30",
    "LogLevel": "INFO",
}


@dataclass(frozen=True)
class Stolen:
    """A node's transport key and certificate as files for ``ssh``; ``name`` is the node's own user name."""

    folder: Path
    name: str

    @property
    def words(self) -> list[str]:
        return ["-i", str(self.folder / "key"), "-o", f"CertificateFile={self.folder / 'key-cert.pub'}"]


async def ssh(address: str, user: str, *words: str, identity: Stolen | None = None) -> tuple[bytes, str]:
    """Run the real client with nothing of this machine's own configuration; return what came out of it."""
    process = await started(address, user, *words, identity=identity)
    assert process.stdin is not None
    process.stdin.close()
    out, err = await asyncio.wait_for(process.communicate(), 120)
    return out, err.decode()


async def started(
    address: str, user: str, *words: str, identity: Stolen | None
) -> asyncio.subprocess.Process:
    """Start the real client; its input stays open."""
    program = shutil.which("ssh")
    assert program, "these tests need the OpenSSH client: apt-get install openssh-client"
    host, _, port = address.rpartition(":")
    options = [part for name, value in _OPTIONS.items() for part in ("-o", f"{name}={value}")]
    shown = identity.words if identity else ["-o", "IdentityFile=none"]
    return await asyncio.create_subprocess_exec(
        *(program, "-F", "/dev/null", "-p", port, *options, *shown, "-l", user),
        *(word.replace("HOST", host) for word in words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def identity_of(program: Program, folder: Path) -> Stolen:
    """Take a node's transport key and certificate from its open files, as a thief could."""
    house = await House.open(NodeDirectory(program.data), Tier.VILLAGE)
    try:
        who, _ = house.enrolled()
        kept = await house.opened.read(ssh_certificates)
        key = folder / "key"
        key.touch(mode=0o600)
        key.write_bytes(private_key(house.open_keys.transport.seed()).export_private_key("openssh"))
        (folder / "key-cert.pub").write_bytes(kept.user)
        return Stolen(folder, f"{who.node}.g{who.generation}")
    finally:
        await house.close()


async def test_a_stranger_reaches_enrolment_and_nothing_else(used: UsedCounty) -> None:
    hub, village = used.county.hub, used.county.village
    node = (await village.ask("status"))["node"]
    out, err = await ssh(hub.ssh, "enrol", "-s", "HOST", "jiujin-enrol")
    assert "subsystem request failed" not in err
    assert "Permission denied" not in err
    for subsystem in ("jiujin", "jiujin-renew", "sftp"):
        out, err = await ssh(hub.ssh, "enrol", "-s", "HOST", subsystem)
        assert (out, "subsystem request failed" in err) == (b"", True), err
    for user in (f"{node}.g1", node, "130638-0001.g1", "root", "admin"):
        out, err = await ssh(hub.ssh, user, "-s", "HOST", "jiujin")
        assert (out, "Permission denied (publickey)" in err) == (b"", True), err


async def test_a_node_reaches_no_shell_and_nothing_under_anothers_name(
    used: UsedCounty, tmp_path: Path
) -> None:
    hub = used.county.hub
    mine = await identity_of(used.county.village, tmp_path)
    for words in (("HOST",), ("HOST", "id"), ("-s", "HOST", "sftp")):
        out, err = await ssh(hub.ssh, mine.name, *words, identity=mine)
        assert (out, "request failed" in err) == (b"", True), err
    out, err = await ssh(
        hub.ssh, mine.name, "-W", f"127.0.0.1:{hub.ssh.rpartition(':')[2]}", "HOST", identity=mine
    )
    assert (out, "open failed" in err) == (b"", True), err
    for user in ("130638-0001.g1", "130638-0002.g1", mine.name.replace(".g1", ".g2"), "root"):
        out, err = await ssh(hub.ssh, user, "-s", "HOST", "jiujin", identity=mine)
        assert (out, "Permission denied (publickey)" in err) == (b"", True), err


async def test_a_revoked_village_is_cut_off_and_told_so_in_a_sentence(
    used: UsedCounty, tmp_path: Path
) -> None:
    hub, township, spare = used.county.hub, used.county.township, used.spare
    code, out, err = await used.told(spare, "sync")
    assert (code, out.strip()) == (0, "已和上级站点交换一次。"), err
    mine = await identity_of(spare, tmp_path)
    node = mine.name.partition(".")[0]
    await spare.serve("127.0.0.1:0")
    line = await started(hub.ssh, mine.name, "-s", "HOST", "jiujin", identity=mine)
    try:
        assert line.stdout is not None
        assert await asyncio.wait_for(line.stdout.read(1), 180), "the hub speaks first: the line is open"
        assert line.returncode is None
        await hub.run("node", "revoke", node, "--reason", "设备丢失")
        await asyncio.wait_for(line.wait(), 180)
        await until("县里不再放它进来", lambda: _denied(hub.ssh, mine))
        await until("乡镇也不再放它进来", lambda: _denied(township.ssh, mine))
    finally:
        if line.returncode is None:
            line.kill()
        await line.wait()
        await spare.stop()
    code, out, err = await used.told(spare, "sync")
    assert (code, out) == (1, "")
    assert (
        err.strip()
        .splitlines()[-1]
        .endswith("不接受本节点的身份：本节点可能已被停用或更换，请联系县级管理员。")
    ), err
    assert "Traceback" not in err
    listed = {one["node"]: one["state"] for one in json.loads(await hub.run("node", "list", "--json"))}
    assert listed[node] == "revoked"


async def _denied(address: str, mine: Stolen) -> bool:
    out, err = await ssh(address, mine.name, "-s", "HOST", "jiujin-renew", identity=mine)
    return out == b"" and "Permission denied (publickey)" in err
