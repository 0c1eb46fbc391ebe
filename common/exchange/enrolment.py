"""The box's side of joining: asks once with keys it keeps, installs what the hub answers (identity.md §7)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from common.crypto.certificates import NodeCertificate, SignedCertificate, read_certificate
from common.crypto.enrolment import Introduction, introduce, open_reply, read_introduction, seal_request
from common.crypto.errors import CryptoError, WrongRootError
from common.crypto.invitation import Invitation
from common.crypto.keyring import NodeKeys
from common.crypto.letters import letter_digest
from common.crypto.renewal import seal_renewal
from common.crypto.wire import FormatError
from common.domain.node import Tier
from common.domain.spoken_error import SpokenError
from common.exchange.letters_line import AnswerState, LetterAnswer, Package
from common.exchange.network import admit, pin
from common.exchange.standing import (
    Identity,
    SshCertificates,
    certificate,
    identity,
    keep_identity,
    keep_ssh,
)
from common.journal.ids import new_epoch
from common.store import settings
from common.store.engine import Database, Tx

_PENDING = "enrolment"
_RENEWAL = "renewal"

REFUSALS = {
    "no_letter": "对方没有收到完整的申请，请再试一次。",
    "carrier_full": "乡镇节点代转的申请太多，请稍后再试。",
    "cannot_open": "县里打不开这份申请：内容在路上被改动，或县里换过密钥。请用同一个邀请码再申请一次。",
    "bad_proof": "申请里的密钥证明不对，请重新申请。",
    "unknown_code": "县里没有这个邀请码，或已作废，请联系县级管理员。",
    "code_used": "这个邀请码已被别的设备用过，县里已收到告警。请立即联系县级管理员。",
    "code_expired": "邀请码已过期，请县级管理员重新邀请。",
    "parent_gone": "上级站点已停用，请联系县级管理员。",
    "outside_scope": "邀请的范围超出上级站点，请联系县级管理员。",
    "revoked": "这个站点已被停用，请联系县级管理员。",
    "not_current": "县里登记的不是这张证书，请联系县级管理员。",
}
"""The sentence of each refusal the hub or a carrier may give."""


class EnrolmentError(SpokenError):
    """The box was not enrolled; nothing of it changed."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A request on its way.

    Attributes:
        letter: repeated unchanged until it is answered.
        introduction: of the county it is for, checked against the code.
    """

    letter: bytes
    introduction: Introduction


async def ask(opened: Database, keys: NodeKeys, invitation: Invitation, shown: bytes, name: str) -> Pending:
    """Keep and return the request for an invitation; asked again with the same code it is the same letter.

    Args:
        opened: the node's open database.
        keys: the node's keys, kept durably before.
        invitation: of the code typed.
        shown: the introduction the peer showed.
        name: what the box calls itself.

    Raises:
        EnrolmentError: the peer is of another county or no node, or this box is enrolled already.
    """
    introduction = _checked(shown, invitation)
    if await opened.read(identity) is not None:
        raise EnrolmentError("enrolled already", "本机已经加入网络，不用再加入；更换请联系县级管理员。")
    kept = await opened.read(pending)
    if kept is not None and await opened.read(lambda tx: _is_for(tx, invitation)):
        return kept
    letter = seal_request(introduction.hub, invitation.secret, keys, name)
    made = Pending(letter, introduction)
    await opened.write(lambda tx: _keep(tx, made, invitation))
    return made


async def pending(tx: Tx) -> Pending | None:
    """Return the request on its way, if there is one."""
    kept = await settings.get(tx, _PENDING)
    if kept is None:
        return None
    hub = read_certificate(bytes.fromhex(kept["hub"]))
    return Pending(bytes.fromhex(kept["letter"]), Introduction(bytes.fromhex(kept["root"]), hub))


async def install(
    opened: Database, keys: NodeKeys, tier: Tier, asked: Pending, answer: LetterAnswer
) -> Identity:
    """Take the hub's answer: certificates, county and a first epoch, in one transaction.

    Raises:
        EnrolmentError: it was refused, or the answer does not hold.
    """
    if answer.state is not AnswerState.ANSWERED:
        sentence = REFUSALS.get(answer.reason, "县里没有接受这份申请，请联系县级管理员。")
        await opened.write(lambda tx: settings.drop(tx, _PENDING))
        raise EnrolmentError(f"enrolment refused: {answer.reason}", sentence)
    try:
        package = Package.decode(answer.package)
        root = asked.introduction.root_public
        admission = open_reply(keys, root, letter_digest(asked.letter), package.reply)
    except (CryptoError, FormatError) as error:
        raise EnrolmentError(
            f"the answer does not hold: {error}",
            "收到的答复不是县里给本机的，已丢弃。请报告县级管理员后再试。",
        ) from error
    cert = admission.node.cert
    if not isinstance(cert, NodeCertificate) or cert.tier is not tier:
        raise EnrolmentError("invited at another tier", "这个邀请码是给另一级站点的，请用对应的程序加入。")
    who = Identity(cert.node, cert.generation, new_epoch(), root)
    signed = (admission.hub, admission.node, *admission.others)
    await opened.write(lambda tx: _installed(tx, who, signed, package))
    return who


Send = Callable[[bytes], Awaitable[LetterAnswer]]
"""Hands a letter to whoever carries it, and returns what is known of its answer."""


async def renew(opened: Database, keys: NodeKeys, send: Send) -> bool:
    """Ask for a new certificate over the same keys and take it; False while no answer is there.

    Raises:
        EnrolmentError: the hub refuses, or the answer does not hold.
    """
    who = await opened.read(identity)
    mine = await opened.read(lambda tx: certificate(tx, who.node)) if who else None
    hub = await opened.read(lambda tx: certificate(tx, who.node.hub())) if who else None
    if who is None or mine is None or hub is None or not isinstance(mine.cert, NodeCertificate):
        raise EnrolmentError("not enrolled", "本机还没有加入网络。")
    kept = await opened.read(lambda tx: settings.get(tx, _RENEWAL))
    letter = bytes.fromhex(kept) if kept else seal_renewal(hub, mine, keys.signing, keys)
    await opened.write(lambda tx: settings.put(tx, _RENEWAL, letter.hex()))
    answer = await send(letter)
    if answer.state is AnswerState.WAITING:
        return False
    await opened.write(lambda tx: settings.drop(tx, _RENEWAL))
    asked = Pending(letter, Introduction(who.root, hub))
    await _renewed(opened, keys, who, asked, answer)
    return True


async def renewal_asked(tx: Tx) -> bool:
    """Whether a renewal waits for its answer, which also brings what no journal does: SSH certificates."""
    return await settings.get(tx, _RENEWAL) is not None


def introduction_of(who: Identity, hub: SignedCertificate) -> bytes:
    """Return what a node of the county shows to a stranger."""
    return introduce(who.root, hub.encoded)


async def _renewed(
    opened: Database, keys: NodeKeys, who: Identity, asked: Pending, answer: LetterAnswer
) -> None:
    if answer.state is not AnswerState.ANSWERED:
        raise EnrolmentError(
            f"renewal refused: {answer.reason}", REFUSALS.get(answer.reason, "续期没有成功。")
        )
    try:
        package = Package.decode(answer.package)
        admission = open_reply(keys, who.root, letter_digest(asked.letter), package.reply)
    except (CryptoError, FormatError) as error:
        raise EnrolmentError("the answer does not hold", "续期的答复不是县里给本机的，已丢弃。") from error
    if admission.node.cert.node != who.node:
        raise EnrolmentError("another node's certificate", "续期的答复不是县里给本机的，已丢弃。")
    signed = (admission.hub, admission.node, *admission.others)
    renewed = Identity(who.node, admission.node.cert.generation, who.epoch, who.root)
    await opened.write(lambda tx: _installed(tx, renewed, signed, package))


def _checked(shown: bytes, invitation: Invitation) -> Introduction:
    try:
        return read_introduction(shown, invitation)
    except WrongRootError as error:
        raise EnrolmentError(
            "the peer is of another county", "对方不是邀请码所属的县，没有向它发送任何内容。请核对地址。"
        ) from error
    except (CryptoError, FormatError) as error:
        raise EnrolmentError(
            "the peer's introduction does not hold",
            "对方拿不出县里的证书，没有向它发送任何内容。请核对地址。",
        ) from error


async def _is_for(tx: Tx, invitation: Invitation) -> bool:
    kept = await settings.get(tx, _PENDING)
    return kept is not None and bool(kept["code"] == invitation.secret_digest().hex())


async def _keep(tx: Tx, asked: Pending, invitation: Invitation) -> None:
    value = {
        "letter": asked.letter.hex(),
        "root": asked.introduction.root_public.hex(),
        "hub": asked.introduction.hub.encoded.hex(),
        "code": invitation.secret_digest().hex(),
    }
    await settings.put(tx, _PENDING, value)


async def _installed(tx: Tx, who: Identity, signed: tuple[SignedCertificate, ...], package: Package) -> None:
    hub, *others = signed
    network = await pin(tx, who.root, hub.encoded)
    for one in others:
        network = await admit(tx, network, one.encoded)
    await keep_identity(tx, who)
    await keep_ssh(tx, SshCertificates(package.user, package.host))
    await settings.drop(tx, _PENDING)
