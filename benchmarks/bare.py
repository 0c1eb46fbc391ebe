"""The bare pipeline, what anybody would write first and nothing more: the yardstick of all other figures.

Canonical JSON, zstd at level 3, a fresh AES-256-GCM key wrapped by HPKE (ML-KEM-768 with X25519) for each
reader, one Ed25519 signature for 500 cases, over SSH; the other side verifies, opens and keeps each case once
by its id in one table. Both sides are durable: the sender's cases lie in its table, the receiver commits
each batch with ``synchronous=FULL`` before it answers. No chain, no receipts, no state of a case, no search.
"""

import asyncio
import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncssh
import orjson
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite

BATCH = 500
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_WRAPPED = 32 + 1120 + 16
_SIGNATURE = 64
_NONCE = bytes(12)
"""A key seals one batch."""
_SSH = {
    "kex_algs": ["mlkem768x25519-sha256"],
    "encryption_algs": ["aes256-gcm@openssh.com"],
    "compression_algs": ["none"],
}
_LINE = {"window": 1024 * 1024, "max_pktsize": 32 * 1024, "encoding": None}


@dataclass(frozen=True)
class Keys:
    """Everybody's keys: one writer, and as many readers as the project seals to; the first one receives."""

    writer: Ed25519PrivateKey
    readers: tuple[MLKEM768X25519PrivateKey, ...]
    server: asyncssh.SSHKey
    client: asyncssh.SSHKey

    @classmethod
    def generate(cls, readers: int) -> "Keys":
        """Return new keys."""
        pairs = [
            MLKEM768X25519PrivateKey(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())
            for _ in range(readers)
        ]
        ssh = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(2)]
        return cls(Ed25519PrivateKey.generate(), tuple(pairs), *ssh)


def open_table(path: Path) -> sqlite3.Connection:
    """Return a durable database with the one table."""
    table = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    table.execute("PRAGMA journal_mode=WAL")
    table.execute("PRAGMA synchronous=FULL")
    table.execute("CREATE TABLE IF NOT EXISTS record (id TEXT PRIMARY KEY, body BLOB)")
    return table


def fill(path: Path, cases: Sequence[dict[str, Any]]) -> None:
    """Put cases into a table; a case is a JSON object with an ``id``."""
    table = open_table(path)
    rows = [(case["id"], orjson.dumps(case)) for case in cases]
    table.execute("BEGIN")
    table.executemany("INSERT INTO record VALUES (?, ?)", rows)
    table.execute("COMMIT")
    table.close()


def seal(cases: Sequence[bytes], keys: Keys) -> bytes:
    """Return a batch of cases sealed to every reader and signed."""
    canonical = [orjson.dumps(orjson.loads(case), option=orjson.OPT_SORT_KEYS) for case in cases]
    packed = zstandard.ZstdCompressor(level=3).compress(b"\n".join(canonical))
    secret = AESGCM.generate_key(256)
    wraps = b"".join(_SUITE.encrypt(secret, reader.public_key(), b"bare") for reader in keys.readers)
    signed = wraps + AESGCM(secret).encrypt(_NONCE, packed, wraps)
    return keys.writer.sign(signed) + signed


def take_in(table: sqlite3.Connection, data: bytes, keys: Keys) -> int:
    """Verify, open and keep a batch; return how many cases it held."""
    signature, signed = data[:_SIGNATURE], data[_SIGNATURE:]
    keys.writer.public_key().verify(signature, signed)
    wraps, sealed = signed[: _WRAPPED * len(keys.readers)], signed[_WRAPPED * len(keys.readers) :]
    secret = _SUITE.decrypt(wraps[:_WRAPPED], keys.readers[0], b"bare")
    packed = AESGCM(secret).decrypt(_NONCE, sealed, wraps)
    cases = zstandard.ZstdDecompressor().decompress(packed).split(b"\n")
    rows = [(orjson.loads(case)["id"], case) for case in cases]
    table.execute("BEGIN IMMEDIATE")
    table.executemany("INSERT OR IGNORE INTO record VALUES (?, ?)", rows)
    table.execute("COMMIT")
    return len(cases)


def keep_file(folder: Path, name: str, data: bytes) -> None:
    """Keep a sealed file durably under its name."""
    partial = folder / f"{name}.part"
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / name)
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


async def serve(keys: Keys, folder: Path, say: Callable[[int], None], stopped: asyncio.Event) -> None:
    """Serve on a free port of loopback, told to ``say``, until ``stopped``."""
    table = open_table(folder / "receiver.db")

    async def handle(process: asyncssh.SSHServerProcess[bytes]) -> None:
        if process.command == "files":
            await _take_files(process, folder)
        else:
            await _take_batches(process, table, keys)
        process.exit(0)

    server = await asyncssh.listen(
        "127.0.0.1", 0, server_host_keys=[keys.server], process_factory=handle, server_factory=_AnyKey,
        **_SSH, **_LINE,
    )  # fmt: skip
    say(server.get_port())
    await stopped.wait()
    server.close()


class _AnyKey(asyncssh.SSHServer):
    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002 - asyncssh's own
        return True


async def _take_batches(
    process: asyncssh.SSHServerProcess[bytes], table: sqlite3.Connection, keys: Keys
) -> None:
    (have,) = table.execute("SELECT count(*) FROM record").fetchone()
    process.stdout.write(_number(have))
    while size := await _read_number(process.stdin):
        data = await process.stdin.readexactly(size)
        process.stdout.write(_number(await asyncio.to_thread(take_in, table, data, keys)))


async def _take_files(process: asyncssh.SSHServerProcess[bytes], folder: Path) -> None:
    while size := await _read_number(process.stdin):
        data = await process.stdin.readexactly(size)
        await asyncio.to_thread(keep_file, folder, hashlib.sha256(data).hexdigest(), data)
        process.stdout.write(_number(size))


async def send_cases(keys: Keys, table: sqlite3.Connection, port: int) -> int:
    """Send every case that the other side lacks, wait until it has kept them, and return how many."""
    async with await _connect(keys, port) as line:
        process = await line.create_process("cases", **_LINE)
        have = await _read_number(process.stdout)
        rows = table.execute("SELECT body FROM record ORDER BY rowid LIMIT -1 OFFSET ?", (have,))
        sent = kept = 0
        while batch := [body for (body,) in rows.fetchmany(BATCH)]:
            data = await asyncio.to_thread(seal, batch, keys)
            process.stdin.write(_number(len(data)) + data)
            await process.stdin.drain()
            sent += len(batch)
        process.stdin.write(_number(0))
        while kept < sent:
            kept += await _read_number(process.stdout)
        await process.wait()
    return sent


async def send_files(keys: Keys, files: Sequence[Path], port: int) -> int:
    """Send sealed files and wait until the other side has kept them; return how many bytes."""
    async with await _connect(keys, port) as line:
        process = await line.create_process("files", **_LINE)
        sent = kept = 0
        for path in files:
            data = await asyncio.to_thread(path.read_bytes)
            process.stdin.write(_number(len(data)) + data)
            await process.stdin.drain()
            sent += len(data)
        process.stdin.write(_number(0))
        while kept < sent:
            kept += await _read_number(process.stdout)
        await process.wait()
    return sent


async def _connect(keys: Keys, port: int) -> asyncssh.SSHClientConnection:
    known: tuple[list[asyncssh.SSHKey], ...] = ([keys.server.convert_to_public()], [], [])
    return await asyncssh.connect(
        "127.0.0.1", port, config=None, username="bare", client_keys=[keys.client], known_hosts=known,
        agent_path=None, **_SSH,
    )  # fmt: skip


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")


async def _read_number(reader: asyncssh.SSHReader[bytes]) -> int:
    return int.from_bytes(await reader.readexactly(8), "big")
