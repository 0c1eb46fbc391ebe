"""A node put together: its directory opened, its keys, the desk and the exchange made from them."""

import asyncio
import logging
from typing import Self

from common.casework.clock import NodeClock, system_uptime
from common.casework.desk import Desk
from common.casework.publishing import publish_calendar
from common.casework.rules import load_rules
from common.crypto.certificates import HubCertificate, SignedCertificate
from common.crypto.errors import WrongPasswordError
from common.crypto.keyfile import unwrap_with_password
from common.crypto.keyring import AuthorityKeys, LockedKeys, NodeKeys, OpenKeys
from common.crypto.wire import Reader
from common.domain.calendar import seed_calendar
from common.domain.log import event
from common.domain.node import Tier
from common.domain.routing import Seat
from common.domain.spoken_error import SpokenError
from common.exchange.certifying import HubSeal, Registrar
from common.exchange.clock_kept import recall_clock
from common.exchange.epochs import (
    CLONE,
    enter_epoch,
    leave_epoch,
)
from common.exchange.exchange import Exchange, Unlocked
from common.exchange.network import load_network
from common.exchange.standing import Identity, certificate, identity, keep_ssh, seat_of
from common.program.directory import NodeDirectory, machine_name
from common.program.founding import AUTHORITY_MAX, LOCKED_KEYS, LOCKED_MAX, PassphraseError
from common.program.settings import NodeSettings, SettingsError, load_settings
from common.program.ssh_papers import hub_papers, node_papers
from common.store import calendars
from common.store import settings as kept
from common.store.engine import Database
from common.store.files import ParcelFiles

_log = logging.getLogger(__name__)


class NotEnrolledYetError(SpokenError):
    """The box has no certificate yet."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("not enrolled", "本机还没有加入网络，请先用邀请码运行 enrol。")


class LockedError(SpokenError):
    """The vault is locked."""

    def __init__(self) -> None:
        """Say who opens it."""
        super().__init__("locked", "本机已锁定，请帮办员先登录。")


class House:
    """One node's databases and keys; desk and exchange are there as far as it is enrolled and unlocked.

    Attributes:
        identity: who it is, None before it is enrolled.
        seat: its place in the network, None before it is enrolled.
        desk: None while locked or not enrolled.
        exchange: None while not enrolled.
        vault: None while locked; at the hub the open database.
        vault_key: None while locked, and at the hub.
        registrar: at the hub, once its keys are unlocked.
    """

    def __init__(
        self, directory: NodeDirectory, settings: NodeSettings, opened: Database, keys: OpenKeys
    ) -> None:
        self.directory, self.settings, self.opened, self.open_keys = directory, settings, opened, keys
        self.clock = NodeClock(uptime=system_uptime)
        self.identity: Identity | None = None
        self.seat: Seat | None = None
        self.desk: Desk | None = None
        self.exchange: Exchange | None = None
        self.vault: Database | None = opened if self.is_hub else None
        self.locked_keys: LockedKeys | None = None
        self.authority: AuthorityKeys | None = None
        self.registrar: Registrar | None = None
        self._unlocking = asyncio.Lock()
        self.vault_key: bytes | None = None

    @classmethod
    async def open(cls, directory: NodeDirectory, tier: Tier) -> Self:
        """Open a node's directory; a program of another tier is a ``SettingsError``.

        Until its first account is made a box unlocks by itself: there is nothing in its vault yet.

        Raises:
            SettingsError: the directory belongs to another tier's program, or ``node.toml`` is wrong.
        """
        directory.insist()
        settings = load_settings(directory.settings)
        if settings.tier is not tier:
            raise SettingsError(
                "another tier's directory",
                "{path} 是另一级站点的目录，请用对应的程序。",
                path=str(directory.path),
            )
        keys = OpenKeys.from_bytes(directory.open_keys.read_bytes())
        opened = await Database.open(
            settings.database or f"sqlite://{directory.open_db}", connections=settings.database_connections
        )
        house = cls(directory, settings, opened, keys)
        try:
            await opened.migrate()
            await recall_clock(opened, house.clock)
            await house._notice_clone()
            await house.settle()
            if directory.first_key.is_file():
                await house.unlock(directory.first_key.read_bytes())
        except BaseException:
            await house.close()
            raise
        return house

    @property
    def is_hub(self) -> bool:
        """Whether this is the county hub."""
        return self.settings.tier is Tier.COUNTY

    @property
    def locked(self) -> bool:
        """Whether the keys that sign and open are missing."""
        return self.locked_keys is None

    def at_desk(self) -> Desk:
        """Return the desk.

        Raises:
            NotEnrolledYetError: the box is not enrolled.
            LockedError: it is locked.
        """
        if self.identity is None:
            raise NotEnrolledYetError
        if self.desk is None:
            raise LockedError
        return self.desk

    def enrolled(self) -> tuple[Identity, Exchange]:
        """Return who the box is and its exchange.

        Raises:
            NotEnrolledYetError: it is not enrolled.
        """
        if self.identity is None or self.exchange is None:
            raise NotEnrolledYetError
        return self.identity, self.exchange

    def node_keys(self) -> NodeKeys:
        """Return all four keys.

        Raises:
            LockedError: the box is locked.
        """
        if self.locked_keys is None:
            raise LockedError
        return NodeKeys.joined(self.open_keys, self.locked_keys)

    async def own_certificate(self) -> SignedCertificate | None:
        """Return this node's certificate, None before it is enrolled."""
        who = self.identity
        return await self.opened.read(lambda tx: certificate(tx, who.node)) if who else None

    async def hub_certificate(self) -> SignedCertificate | None:
        """Return the hub's certificate, None before it is enrolled."""
        who = self.identity
        return await self.opened.read(lambda tx: certificate(tx, who.node.hub())) if who else None

    async def settle(self) -> None:
        """Take identity, network and rules anew from the databases (after enrolment, and at the start)."""
        self.identity = await self.opened.read(identity)
        mine = await self.own_certificate()
        if self.identity is None or mine is None:
            return
        self.seat = seat_of(mine.cert)
        if self.exchange is None:
            self.exchange = Exchange(
                seat=self.seat,
                epoch=self.identity.epoch,
                generation=self.identity.generation,
                open=self.opened,
                files=ParcelFiles(self.directory.parcels),
                clock=self.clock,
                keys=self.open_keys,
                network=await load_network(self.opened),
            )
        else:
            self.exchange.seat, self.exchange.generation = self.seat, self.identity.generation
            self.exchange.epoch = self.identity.epoch
            await self.exchange.refresh()
        await self._take_desk()

    async def follow(self) -> None:
        """Take over what another process of this node changed: a new epoch, new keys."""
        if self.identity is not None and self.identity != await self.opened.read(identity):
            await self.settle()

    async def begin_epoch(self, reason: str) -> None:
        """Write no more into the present epoch: what others know of it, this box does not or need not."""
        self.identity = await self.opened.write(lambda tx: leave_epoch(tx, reason))
        if self.identity is not None and self.exchange is not None:
            self.exchange.epoch = self.identity.epoch
        await self._take_desk()
        event(_log, logging.WARNING, "epoch_began", reason=reason)

    async def end_epoch_left(self) -> None:
        """Finish what ``begin_epoch`` could not: until the vault has left too, nothing is written."""
        if self.desk is not None and self.identity is not None and self.desk.epoch != self.identity.epoch:
            await self._take_desk()

    async def _notice_clone(self) -> None:
        """A directory found on another machine than it was installed on may be one of two."""
        if self.directory.same_machine():
            return
        if self.is_hub:
            event(_log, logging.WARNING, "hub_on_another_machine")
            return
        await self.begin_epoch(CLONE)
        self.directory.keep(self.directory.machine, machine_name())

    async def unlock(self, vault_key: bytes) -> None:
        """Open the vault; a wrong key is a ``WrongKeyError``. Unlocking twice does nothing."""
        async with self._unlocking:
            if self.vault is not None:
                return
            vault = await Database.open(f"sqlite://{self.directory.vault_db}", vault_key)
            try:
                await vault.migrate()
                text = await vault.read(lambda tx: kept.get(tx, LOCKED_KEYS))
                self.locked_keys = LockedKeys.from_bytes(bytes.fromhex(text))
                self.vault, self.vault_key = vault, vault_key
                await self._take_desk()
            except BaseException:
                self.locked_keys = self.vault = self.vault_key = None
                await vault.close()
                raise
            event(_log, logging.INFO, "vault_unlocked")

    async def unlock_hub(self, passphrase: str) -> None:
        """Open the hub's keys.

        Raises:
            PassphraseError: it is another passphrase.
        """
        sealed = self.directory.hub_keys.read_bytes()
        try:
            plain = await asyncio.to_thread(unwrap_with_password, sealed, passphrase)
        except WrongPasswordError as error:
            raise PassphraseError("wrong passphrase", "县级中心的密钥口令不对。") from error
        reader = Reader(plain)
        self.locked_keys = LockedKeys.from_bytes(reader.blob(LOCKED_MAX))
        self.authority = AuthorityKeys.from_bytes(reader.blob(AUTHORITY_MAX))
        reader.end()
        await self._take_desk()
        await self._take_authority(self.authority)

    async def lock(self) -> None:
        """Forget the keys and close the vault; what is open goes on."""
        async with self._unlocking:
            vault, self.desk = self.vault, None
            self.locked_keys = self.vault_key = None
            if self.exchange is not None:
                self.exchange.unlocked = None
            if not self.is_hub and vault is not None:
                self.vault = None
                await vault.close()

    async def close(self) -> None:
        """Close everything; running transactions end first."""
        await self.lock()
        await self.opened.close()

    async def _take_desk(self) -> None:
        if self.identity is None or self.seat is None or self.vault is None:
            return
        desk = Desk(
            seat=self.seat,
            epoch=self.identity.epoch,
            vault=self.vault,
            open=self.opened,
            files=ParcelFiles(self.directory.parcels),
            clock=self.clock,
            rules=await load_rules(self.opened),
        )
        if self.exchange is not None and self.locked_keys is not None:
            unlocked = Unlocked(desk, self.locked_keys)
            await enter_epoch(self.exchange, unlocked)
            self.exchange.unlocked = unlocked
        self.desk = desk

    async def _take_authority(self, authority: AuthorityKeys) -> None:
        who, _ = self.enrolled()
        signed = await self.hub_certificate()
        if signed is None or not isinstance(signed.cert, HubCertificate) or self.locked_keys is None:
            raise NotEnrolledYetError
        papers = hub_papers(authority.ssh_authority.seed(), signed.cert, self.clock.now())
        await self.opened.write(lambda tx: keep_ssh(tx, papers))
        seal = HubSeal(who.root, signed, self.locked_keys, authority)
        self.registrar = Registrar(self.at_desk(), seal, node_papers)
        if await self.opened.read(calendars.newest) is None:
            await publish_calendar(self.at_desk(), None, seed_calendar())
