"""``init``: makes a node's directory, its keys and its empty databases; the hub's county root too."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from common.casework import accounts
from common.casework.clock import system_time
from common.crypto.certificates import HubCertificate
from common.crypto.keyfile import new_recovery_code, recovery_password, wrap_with_password
from common.crypto.keyring import AuthorityKeys, LockedKeys, NodeKeys
from common.crypto.root import CountyRoot, spoken
from common.crypto.symmetric import KEY_BYTES, random_bytes
from common.crypto.wire import Writer
from common.domain.node import HUB_NUMBER, NodeId, Tier
from common.domain.spoken_error import SpokenError
from common.exchange.network import pin
from common.exchange.standing import Identity, identity, keep_identity
from common.journal.ids import new_epoch
from common.program.directory import DirectoryError, NodeDirectory, machine_name
from common.program.passphrase import SHORTEST_PASSPHRASE
from common.program.root_stick import RootStick
from common.store import settings
from common.store.engine import Database, Tx
from common.store.files import write_durably

LOCKED_KEYS = "locked_keys"
"""Setting of the vault: the node's signing and sealing keys, hex."""
LOCKED_MAX = 16_384
AUTHORITY_MAX = 1_024


class PassphraseError(SpokenError):
    """The hub's passphrase is none, or not this hub's."""


@dataclass(frozen=True, slots=True)
class HubFounded:
    """What ``init`` of a hub has to say once.

    Attributes:
        fingerprint: of the county root, for two people to compare.
        root_code: opens the root's key file; written down and kept apart from the sticks.
    """

    node: NodeId
    fingerprint: str
    root_code: str


async def found_node(directory: NodeDirectory, tier: Tier) -> str:
    """Make a township's or village's directory and return its recovery code, shown once."""
    directory.make()
    keys = NodeKeys.generate()
    opened_keys, locked = keys.split()
    vault_key = random_bytes(KEY_BYTES)
    directory.keep(directory.open_keys, opened_keys.to_bytes())
    directory.keep(directory.first_key, vault_key)
    await _tables(f"sqlite://{directory.vault_db}", vault_key, locked)
    opened = await Database.open(f"sqlite://{directory.open_db}")
    try:
        await opened.migrate()
        code = await accounts.keep_recovery(opened, vault_key)
    finally:
        await opened.close()
    directory.keep(directory.machine, machine_name())
    directory.keep(directory.settings, f'tier = "{tier}"\n'.encode())
    return code


async def found_hub(
    directory: NodeDirectory, root_folder: Path, county: str, name: str, passphrase: str, database: str
) -> HubFounded:
    """Make the hub's directory, and the county root on a folder of its own, to be carried away.

    Args:
        directory: of the hub.
        root_folder: where the root's key file is written; nothing of the root stays in ``directory``.
        county: six digits.
        name: over the centre's door, as 雄县政务服务中心; the county's own name is in the divisions.
        passphrase: locks the hub's keys.
        database: ``postgres://…``, or empty for SQLite in the directory.

    Raises:
        PassphraseError: it is too short; a node or a root that is there already is a ``DirectoryError``.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseError("passphrase too short", "密钥口令至少{n}个字符。", n=SHORTEST_PASSPHRASE)
    root_file = root_folder / f"county-root-{county}.key"
    node = NodeId.of(county, HUB_NUMBER)
    directory.make()
    url = database or f"sqlite://{directory.open_db}"
    await _insist_empty(url)
    root, root_code = CountyRoot.create(), new_recovery_code()
    await asyncio.to_thread(_keep_root, root_file, root, root_code)
    keys, authority = NodeKeys.generate(), AuthorityKeys.generate()
    cert = _hub_certificate(node, name, keys, authority, system_time())
    signed = root.certify_hub(cert)
    await asyncio.to_thread(RootStick(root_file, root, ()).note, signed)
    opened_keys, locked = keys.split()
    directory.keep(directory.open_keys, opened_keys.to_bytes())
    await keep_hub_keys(directory, locked, authority, passphrase)
    await _found_county(url, root, cert, signed)
    directory.keep(directory.machine, machine_name())
    chosen = f"database = {json.dumps(database)}\n" if database else ""  # TOML's texts are JSON's
    directory.keep(directory.settings, f'tier = "county"\n{chosen}'.encode())
    return HubFounded(node, spoken(root.fingerprint()), root_code)


async def keep_hub_keys(
    directory: NodeDirectory, locked: LockedKeys, authority: AuthorityKeys, passphrase: str
) -> None:
    """Write the hub's keys under its passphrase."""
    writer = Writer().blob(locked.to_bytes(), LOCKED_MAX).blob(authority.to_bytes(), AUTHORITY_MAX)
    directory.keep(directory.hub_keys, await asyncio.to_thread(wrap_with_password, writer.done(), passphrase))


def _keep_root(path: Path, root: CountyRoot, code: str) -> None:
    if path.exists():
        raise DirectoryError(
            "there is a root already", "{path} 已经有了，不会覆盖；请换一个目录。", path=str(path)
        )
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(path, wrap_with_password(root.seed(), recovery_password(code)))


def _hub_certificate(
    node: NodeId, name: str, keys: NodeKeys, authority: AuthorityKeys, now: datetime
) -> HubCertificate:
    public = keys.public()
    return HubCertificate(
        node=node,
        generation=1,
        epoch=new_epoch(),
        order=1,
        name=name,
        signing=public.signing,
        sealing=public.sealing,
        transport=public.transport,
        receipt=public.receipt,
        authority=authority.authority.public(),
        ssh_authority=authority.ssh_authority.public(),
        valid_from=now,
    )


async def _insist_empty(url: str) -> None:
    database = await Database.open(url)
    try:
        await database.migrate()
        if await database.read(identity) is not None:
            raise DirectoryError(
                "the database has a county", "这个数据库里已经有一个县级中心，不会覆盖；请另建一个空的。"
            )
    finally:
        await database.close()


async def _found_county(url: str, root: CountyRoot, cert: HubCertificate, signed: bytes) -> None:
    who = Identity(cert.node, cert.generation, cert.epoch, root.public())
    database = await Database.open(url)

    async def work(tx: Tx) -> None:
        await pin(tx, root.public(), signed)
        await keep_identity(tx, who)

    try:
        await database.write(work)
    finally:
        await database.close()


async def _tables(url: str, vault_key: bytes, locked: LockedKeys) -> None:
    vault = await Database.open(url, vault_key)
    try:
        await vault.migrate()
        await vault.write(lambda tx: settings.put(tx, LOCKED_KEYS, locked.to_bytes().hex()))
    finally:
        await vault.close()
