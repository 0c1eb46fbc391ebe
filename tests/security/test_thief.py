"""The thief of a box: a used station, killed by a power cut, running locked, its whole disk copied."""

import asyncio
import base64
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.crypto.keyring import OpenKeys
from common.exchange.standing import certificate, identity
from common.store.engine import Database
from common.store.engines import sqlcipher
from demo.programs import Program
from demo.story import until
from tests.security.used_county import PEOPLE, PICTURE, UsedCounty

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("used_county"),
    pytest.mark.timeout(900),
]


def needles(page: bytes) -> Iterator[tuple[str, bytes]]:
    """What nobody may find, in every writing it might be found in."""
    secrets = [
        (name, person[name])
        for person in PEOPLE
        for name in ("name", "identity", "phone")
        if person.get(name)
    ]
    for what, text in secrets:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            yield f"{what} in {encoding}", text.encode(encoding)
    pictures = [("picture", PICTURE[-160:-100]), ("its notes", b"SECRETPHONE"), ("its page", page[-160:-100])]
    for what, plain in [(what, text.encode()) for what, text in secrets] + pictures:
        yield f"{what} plain", plain
        yield f"{what} in hex", plain.hex().encode()
        yield f"{what} in HEX", plain.hex().upper().encode()
        for cut in range(3):
            encoded = base64.b64encode(plain[cut : cut + (len(plain) - cut) // 3 * 3])
            if len(encoded) >= 8:
                yield f"{what} in base64", encoded


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_the_whole_disk_of_a_locked_station_names_nobody(used: UsedCounty) -> None:
    found = await asyncio.to_thread(files_of, used.stolen)
    assert {"vault.db", "open.db", "serve.log", "keys/open.keys"} <= found.keys()
    assert any(name.endswith("-wal") for name in found)
    assert any(name.startswith("parcels/") for name in found), "the photograph lies there, sealed"
    assert used.page.startswith(b"\xff\xd8\xff")
    wanted = needles(used.page)
    told = [(what, name) for what, needle in wanted for name, data in found.items() if needle in data]
    assert told == []


async def test_no_file_beside_the_vault_holds_its_key(used: UsedCounty) -> None:
    found = await asyncio.to_thread(files_of, used.stolen)
    assert not any("first.key" in name for name in found)
    small = {
        name: data for name, data in found.items() if name.startswith("keys/") or name in {"machine", "lock"}
    }

    def opened() -> list[str]:
        tried = ((name, data[at : at + 32]) for name, data in small.items() for at in range(len(data) - 31))
        return [name for name, key in tried if _opens(used.stolen / "vault.db", key)]

    assert await asyncio.to_thread(opened) == []


def _opens(vault: Path, key: bytes) -> bool:
    try:
        connection = sqlcipher.connect(vault, key, 1.0)
    except sqlcipher.DatabaseError:
        return False
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError:
        return False
    finally:
        connection.close()
    return True


async def test_the_keys_on_the_disk_dial_and_say_held_and_nothing_else(used: UsedCounty) -> None:
    """A receipt key that says *applied* is refused: ``tests/common/journal/test_receipt.py``."""
    keys = OpenKeys.from_bytes((used.stolen / "keys" / "open.keys").read_bytes())
    opened = await Database.open(f"sqlite://{used.folder / 'stolen' / 'open.db'}")
    try:
        who = await opened.read(identity)
        assert who is not None
        signed = await opened.read(lambda tx: certificate(tx, who.node))
    finally:
        await opened.close()
    assert signed is not None
    assert (keys.transport.public(), keys.receipt.public()) == (signed.cert.transport, signed.cert.receipt)
    held = {one.public() for one in (keys.transport, keys.receipt)}
    assert signed.cert.signing not in held
    assert OpenKeys.__slots__ == ("transport", "receipt")


async def test_a_thief_with_the_program_reads_writes_and_decides_nothing(
    used: UsedCounty, tmp_path: Path
) -> None:
    thief = Program("village_station", "贼", tmp_path / "copy")
    await asyncio.to_thread(shutil.copytree, used.stolen, thief.data)
    number = used.numbers["disabled"]
    for words in (
        ("case", "list"),
        ("case", "show", number),
        ("rebuild",),
        ("case", "decide", number, "--outcome", "granted"),
    ):
        code, out, err = await used.told(thief, *words, "--as", "helper", given="guessed-password\n")
        assert (code, out) == (1, ""), words
        assert "密码" in err
        assert "Traceback" not in err
    code, out, _ = await used.told(thief, "verify", "--json")
    assert code == 0
    assert not any(person["name"] in out for person in PEOPLE)
    code, _, err = await used.told(
        thief, "user", "add", "thief", "--name", "贼", "--role", "administrator", given="x\n"
    )
    assert code == 1
    assert "--by" in err


async def test_a_locked_station_still_delivers_what_it_took_in(used: UsedCounty) -> None:
    await until("锁着的站把三件都交到县里", lambda: _all_arrived(used))


async def _all_arrived(used: UsedCounty) -> bool:
    return set(used.numbers.values()) <= await used.numbers_at(used.county.hub, "chief")
