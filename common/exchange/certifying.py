"""The hub answers letters: opens one, holds it against its invitation, certifies (identity.md §7, §8)."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from common.casework.desk import Desk
from common.casework.writing import append
from common.crypto.certificates import NodeCertificate, SignedCertificate, issue, read_certificate
from common.crypto.enrolment import REQUEST_MAGIC, EnrolRequest, introduce, open_request, seal_reply
from common.crypto.errors import CannotOpenError, CryptoError, UnknownCertificateError
from common.crypto.keyring import AuthorityKeys, LockedKeys
from common.crypto.letters import letter_digest
from common.crypto.public_keys import PublicKeys
from common.crypto.renewal import RENEWAL_MAGIC, RenewRequest, open_renewal
from common.crypto.trust import within
from common.crypto.wire import FormatError
from common.domain.audience import PUBLIC
from common.domain.bodies.hub import NodeCertified
from common.domain.log import event
from common.domain.node import NodeId, Tier
from common.domain.times import to_milliseconds
from common.exchange import node_register
from common.exchange.letters import keep_answer
from common.exchange.letters_line import AnswerState, LetterAnswer, Package
from common.exchange.network import Network, admit, read_network
from common.exchange.standing import SshCertificates
from common.store import letters, registry, serials
from common.store.engine import Tx
from common.store.rows import CertificateRow, InvitationRow, LetterRow

VALIDITY = timedelta(days=365)
"""Bounds connecting only; renewed long before."""
_BACKDATED = timedelta(days=1)  # clocks in a county differ
SERIES = "certificate"
"""Numbers of certificates."""
_log = logging.getLogger(__name__)


class SshIssuer(Protocol):
    """Makes the OpenSSH certificates that go with a node certificate (``common.link`` knows how)."""

    def __call__(self, authority_seed: bytes, cert: NodeCertificate) -> SshCertificates:
        """Return the user certificate, and a township's host certificate."""


@dataclass(frozen=True, slots=True)
class HubSeal:
    """What the hub certifies with.

    Attributes:
        root: the county root's public key.
        hub: the hub's own certificate.
    """

    root: bytes
    hub: SignedCertificate
    locked: LockedKeys
    authority: AuthorityKeys


class _Refused(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Asked:
    """A letter opened: whom it would certify, read and checked."""

    request: EnrolRequest | RenewRequest

    @property
    def keys(self) -> PublicKeys:
        return self.request.keys


class Registrar:
    """Answers letters at the hub; each once, and the same letter always the same."""

    def __init__(self, desk: Desk, seal: HubSeal, ssh: SshIssuer) -> None:
        self._desk, self._seal, self._ssh = desk, seal, ssh

    def introduction(self) -> bytes:
        """Return what a stranger is shown first."""
        return introduce(self._seal.root, self._seal.hub.encoded)

    async def take(self, letter: bytes) -> LetterAnswer:
        """Return the answer to a letter; everything it changes is durable before."""
        name = letter_digest(letter)
        known = await self._desk.open.read(lambda tx: letters.waiting(tx, name.hex(), "answer"))
        if known:
            return LetterAnswer.decode(known[0].content)
        try:
            asked = await self._opened(letter)
            return await self._desk.open.write(lambda tx: self._certified(tx, name, letter, asked))
        except _Refused as refused:
            event(_log, logging.WARNING, "letter_refused", reason=refused.reason)
            return LetterAnswer(AnswerState.REFUSED, refused.reason)

    async def _opened(self, letter: bytes) -> _Asked:
        certificates = await self._desk.open.read(_current) if letter[:4] == RENEWAL_MAGIC else {}
        try:
            return await asyncio.to_thread(self._open, letter, certificates)
        except FormatError as error:
            raise _Refused("no_letter") from error
        except CannotOpenError as error:
            raise _Refused("cannot_open") from error
        except UnknownCertificateError as error:
            raise _Refused("not_current") from error
        except CryptoError as error:
            raise _Refused("bad_proof") from error

    def _open(self, letter: bytes, certificates: dict[str, SignedCertificate]) -> _Asked:
        key, hub = self._seal.locked.sealing, self._seal.hub
        if letter[:4] == REQUEST_MAGIC:
            return _Asked(open_request(key, hub, letter))
        return _Asked(open_renewal(key, hub, letter, lambda node: certificates.get(str(node))))

    async def _certified(self, tx: Tx, name: bytes, letter: bytes, asked: _Asked) -> LetterAnswer:
        if isinstance(asked.request, EnrolRequest):
            outcome = await self._enrolled(tx, asked.request)
        else:
            outcome = await self._renewed(tx, asked.request)
        now = to_milliseconds(self._desk.clock.now())
        if isinstance(outcome, str):
            answer = LetterAnswer(AnswerState.REFUSED, outcome)
        else:
            package = await self._package(tx, name, asked.keys, outcome)
            answer = LetterAnswer(AnswerState.ANSWERED, "", package.encode())
        await letters.save(tx, LetterRow(name, "request", "", "hub", letter, "answered", now))
        await keep_answer(tx, name, answer, now)
        return answer

    async def _enrolled(self, tx: Tx, request: EnrolRequest) -> SignedCertificate | str:
        """Return the certificate, or why there is none: the alarm of a second set of keys is kept with it."""
        invitation = await registry.invitation(tx, request.secret_digest())
        now = self._desk.clock.now()
        if invitation is None or invitation.state == "void":
            return "unknown_code"
        if invitation.state == "used":
            if invitation.keys_digest == request.keys_digest():
                return await self._again(tx, invitation)
            await node_register.alarm(tx, "code_used_twice", invitation.node, to_milliseconds(now))
            return "code_used"
        if to_milliseconds(now) >= invitation.expires_ms:
            return "code_expired"
        if await node_register.current(tx, NodeId(str(invitation.parent))) is None:
            return "parent_gone"
        await registry.use_invitation(tx, invitation.secret_digest, request.keys_digest())
        return await self._issue(tx, await self._claims(tx, invitation, request.keys, now))

    async def _again(self, tx: Tx, invitation: InvitationRow) -> SignedCertificate | str:
        row = await registry.certificate(tx, invitation.node, invitation.generation)
        return "revoked" if row is None or row.revoked_ms is not None else read_certificate(row.statement)

    async def _renewed(self, tx: Tx, request: RenewRequest) -> SignedCertificate | str:
        held = await node_register.current(tx, request.node)
        if held is None or held.digest() != request.certificate or not isinstance(held.cert, NodeCertificate):
            return "not_current"
        old, now = held.cert, self._desk.clock.now()
        same_keys = old.keys.digest() == request.keys.digest()
        return await self._issue(
            tx,
            _cert(
                node=old.node,
                generation=old.generation + (0 if same_keys else 1),
                tier=old.tier,
                name=old.name,
                parent=old.parent,
                divisions=old.divisions,
                keys=request.keys,
                now=now,
                serial=await serials.next_serial(tx, 0, SERIES),
            ),
        )

    async def _claims(
        self, tx: Tx, invited: InvitationRow, keys: PublicKeys, now: datetime
    ) -> NodeCertificate:
        return _cert(
            node=NodeId(invited.node),
            generation=invited.generation,
            tier=Tier(invited.tier),
            name=invited.name,
            parent=NodeId(str(invited.parent)),
            divisions=tuple(invited.divisions),
            keys=keys,
            now=now,
            serial=await serials.next_serial(tx, 0, SERIES),
        )

    async def _issue(self, tx: Tx, cert: NodeCertificate) -> SignedCertificate | str:
        parent = await node_register.current(tx, cert.parent)
        if parent is None or not within(parent.cert, cert):
            return "outside_scope"
        signed = read_certificate(issue(self._seal.authority.authority, cert))
        network = await read_network(tx)
        await admit(tx, network or Network(self._seal.root), signed.encoded)
        body = NodeCertified(str(cert.node), cert.generation, signed.encoded.hex())
        await append(tx, self._desk, PUBLIC, "node_certified", body)
        return signed

    async def _package(self, tx: Tx, name: bytes, keys: PublicKeys, signed: SignedCertificate) -> Package:
        cert = signed.cert
        if not isinstance(cert, NodeCertificate):
            raise TypeError("the hub certifies nodes only")
        others = [row.statement for row in await self._others(tx, cert)]
        reply = seal_reply(keys.sealing, name, signed.encoded, self._seal.hub.encoded, others)
        ssh = self._ssh(self._seal.authority.ssh_authority.seed(), cert)
        return Package(reply, ssh.user, ssh.host)

    async def _others(self, tx: Tx, cert: NodeCertificate) -> Sequence[CertificateRow]:
        if cert.parent.is_hub:
            return ()
        above = await registry.newest_certificate(tx, str(cert.parent))
        return () if above is None else (above,)


async def _current(tx: Tx) -> dict[str, SignedCertificate]:
    rows = await registry.certificates(tx)
    newest = {row.node: row for row in rows}  # in order of generation
    return {
        node: read_certificate(row.statement)
        for node, row in newest.items()
        if row.revoked_ms is None and row.tier != Tier.COUNTY
    }


def _cert(  # noqa: PLR0913 - what a certificate says
    *,
    node: NodeId,
    generation: int,
    tier: Tier,
    name: str,
    parent: NodeId,
    divisions: tuple[str, ...],
    keys: PublicKeys,
    now: datetime,
    serial: int,
) -> NodeCertificate:
    return NodeCertificate(
        node=node,
        generation=generation,
        tier=tier,
        name=name,
        parent=parent,
        divisions=divisions,
        signing=keys.signing,
        sealing=keys.sealing,
        transport=keys.transport,
        receipt=keys.receipt,
        valid_from=now - _BACKDATED,
        valid_until=now + VALIDITY,
        serial=serial,
    )
