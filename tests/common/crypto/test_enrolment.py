import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.crypto.certificates import issue, read_certificate
from common.crypto.enrolment import (
    REPLY_MAGIC,
    REQUEST_MAGIC,
    introduce,
    open_reply,
    open_request,
    read_introduction,
    seal_reply,
    seal_request,
)
from common.crypto.errors import (
    BadKeyError,
    BadSignatureError,
    CannotOpenError,
    CertificateError,
    CryptoError,
    NotMineError,
    WrongRootError,
)
from common.crypto.invitation import Invitation
from common.crypto.keyring import NodeKeys
from common.crypto.letters import letter_digest, open_letter, seal_letter
from common.crypto.root import CountyRoot
from common.crypto.wire import FormatError
from tests.common.crypto.county import (
    AUTHORITY,
    HUB_KEYS,
    HUB_SIGNED,
    ROOT,
    TOWNSHIP_KEYS,
    TOWNSHIP_SIGNED,
    VILLAGE,
    VILLAGE_KEYS,
    VILLAGE_SIGNED,
    hub_certificate,
    node_certificate,
)
from tests.common.crypto.mangling import any_bytes

INVITATION = Invitation.create(ROOT.fingerprint())
INTRODUCTION = introduce(ROOT.public(), HUB_SIGNED.encoded)
REQUEST = seal_request(HUB_SIGNED, INVITATION.secret, VILLAGE_KEYS, "黄湾村")
PLAIN = open_letter(REQUEST_MAGIC, HUB_KEYS.sealing, REQUEST, HUB_SIGNED.digest())
ASKED = letter_digest(REQUEST)
REPLY = seal_reply(
    VILLAGE_KEYS.sealing.public(),
    ASKED,
    VILLAGE_SIGNED.encoded,
    HUB_SIGNED.encoded,
    [TOWNSHIP_SIGNED.encoded],
)
REPLY_PLAIN = open_letter(REPLY_MAGIC, VILLAGE_KEYS.sealing, REPLY, ASKED)


def resealed(plain: bytes) -> bytes:
    return seal_letter(REQUEST_MAGIC, HUB_KEYS.sealing.public(), plain, HUB_SIGNED.digest())


def test_a_new_node_is_enrolled_from_its_code_alone() -> None:
    county = read_introduction(INTRODUCTION, INVITATION)
    request = open_request(
        HUB_KEYS.sealing, HUB_SIGNED, seal_request(county.hub, INVITATION.secret, VILLAGE_KEYS, "村")
    )
    assert request.secret_digest() == INVITATION.secret_digest()
    assert request.keys == VILLAGE_KEYS.public()
    assert request.name == "村"
    admission = open_reply(VILLAGE_KEYS, county.root_public, ASKED, REPLY)
    assert admission.node.cert == node_certificate()
    assert admission.hub == HUB_SIGNED
    assert admission.others == (TOWNSHIP_SIGNED,)


def test_a_county_whose_root_is_not_the_invitations_is_refused() -> None:
    other = CountyRoot.create()
    posed = introduce(other.public(), other.certify_hub(hub_certificate()))
    with pytest.raises(WrongRootError):
        read_introduction(posed, INVITATION)


def test_a_township_that_shows_a_hub_of_its_own_is_refused() -> None:
    own = issue(TOWNSHIP_KEYS.signing, hub_certificate(sealing=TOWNSHIP_KEYS.sealing.public()))
    with pytest.raises(BadSignatureError):
        read_introduction(introduce(ROOT.public(), own), INVITATION)


def test_a_township_learns_nothing_from_the_request_it_carries() -> None:
    assert INVITATION.secret not in REQUEST
    assert "黄湾村".encode() not in REQUEST
    with pytest.raises(CannotOpenError):
        open_letter(REQUEST_MAGIC, TOWNSHIP_KEYS.sealing, REQUEST, HUB_SIGNED.digest())


@pytest.mark.parametrize("role", ["signing", "sealing", "transport", "receipt"])
def test_a_carrier_that_knew_the_secret_could_still_swap_no_key(role: str) -> None:
    """Even somebody who opened the letter cannot exchange one key: the proofs cover all of them."""
    mine, theirs = VILLAGE_KEYS.public(), NodeKeys.generate().public()
    swapped = PLAIN.replace(getattr(mine, role), getattr(theirs, role))
    assert swapped != PLAIN
    with pytest.raises(BadSignatureError):
        open_request(HUB_KEYS.sealing, HUB_SIGNED, resealed(swapped))


def test_proofs_for_one_secret_do_not_fit_another() -> None:
    with pytest.raises(BadSignatureError):
        open_request(HUB_KEYS.sealing, HUB_SIGNED, resealed(bytes(10) + PLAIN[10:]))


def test_a_request_for_another_hub_certificate_is_not_opened() -> None:
    later = read_certificate(ROOT.certify_hub(hub_certificate(order=2, epoch=bytes(16))))
    with pytest.raises(CannotOpenError):
        open_request(HUB_KEYS.sealing, later, REQUEST)
    moved = seal_letter(REQUEST_MAGIC, HUB_KEYS.sealing.public(), PLAIN, later.digest())
    with pytest.raises(BadSignatureError):
        open_request(HUB_KEYS.sealing, later, moved)


def test_the_same_secret_with_other_keys_is_told_apart_and_the_same_request_again_is_not() -> None:
    first = open_request(HUB_KEYS.sealing, HUB_SIGNED, REQUEST)
    repeated = open_request(
        HUB_KEYS.sealing, HUB_SIGNED, seal_request(HUB_SIGNED, INVITATION.secret, VILLAGE_KEYS, "黄湾村")
    )
    thief = open_request(
        HUB_KEYS.sealing,
        HUB_SIGNED,
        seal_request(HUB_SIGNED, INVITATION.secret, NodeKeys.generate(), "黄湾村"),
    )
    assert first.keys_digest() == repeated.keys_digest()
    assert first.secret_digest() == thief.secret_digest()
    assert first.keys_digest() != thief.keys_digest()


def test_a_key_nobody_can_use_is_refused_before_any_proof() -> None:
    unusable = PLAIN.replace(VILLAGE_KEYS.public().sealing, b"\xff" * 1216)
    with pytest.raises(BadKeyError):
        open_request(HUB_KEYS.sealing, HUB_SIGNED, resealed(unusable))


def test_the_secret_does_not_show_in_a_log() -> None:
    assert repr(INVITATION.secret) not in repr(open_request(HUB_KEYS.sealing, HUB_SIGNED, REQUEST))


def test_an_answer_to_another_request_is_not_taken() -> None:
    with pytest.raises(CannotOpenError):
        open_reply(VILLAGE_KEYS, ROOT.public(), bytes(32), REPLY)


def test_an_answer_that_certifies_other_keys_is_not_taken() -> None:
    other = issue(AUTHORITY.authority, node_certificate(VILLAGE, NodeKeys.generate()))
    reply = seal_reply(VILLAGE_KEYS.sealing.public(), ASKED, other, HUB_SIGNED.encoded)
    with pytest.raises(NotMineError):
        open_reply(VILLAGE_KEYS, ROOT.public(), ASKED, reply)


def test_an_answer_a_carrier_made_up_is_not_taken() -> None:
    own = issue(TOWNSHIP_KEYS.signing, node_certificate())
    reply = seal_reply(VILLAGE_KEYS.sealing.public(), ASKED, own, HUB_SIGNED.encoded)
    with pytest.raises(BadSignatureError):
        open_reply(VILLAGE_KEYS, ROOT.public(), ASKED, reply)


def test_every_further_certificate_must_hold_too() -> None:
    own = issue(TOWNSHIP_KEYS.signing, node_certificate())
    for others, error in (([own], BadSignatureError), ([HUB_SIGNED.encoded], CertificateError)):
        reply = seal_reply(
            VILLAGE_KEYS.sealing.public(), ASKED, VILLAGE_SIGNED.encoded, HUB_SIGNED.encoded, others
        )
        with pytest.raises(error):
            open_reply(VILLAGE_KEYS, ROOT.public(), ASKED, reply)


@given(any_bytes(REQUEST) | any_bytes(PLAIN).map(resealed))
@settings(max_examples=80)
def test_no_bytes_make_the_hub_raise_anything_but_its_own_errors(data: bytes) -> None:
    try:
        opened = open_request(HUB_KEYS.sealing, HUB_SIGNED, data)
    except (FormatError, CryptoError):
        return
    assert opened == open_request(HUB_KEYS.sealing, HUB_SIGNED, REQUEST)


@given(
    any_bytes(REPLY)
    | any_bytes(REPLY_PLAIN).map(
        lambda plain: seal_letter(REPLY_MAGIC, VILLAGE_KEYS.sealing.public(), plain, ASKED)
    )
)
@settings(max_examples=80)
def test_no_bytes_make_the_node_raise_anything_but_its_own_errors(data: bytes) -> None:
    try:
        admission = open_reply(VILLAGE_KEYS, ROOT.public(), ASKED, data)
    except (FormatError, CryptoError):
        return
    assert admission.node.raw == VILLAGE_SIGNED.raw


@given(st.data())
@settings(max_examples=60)
def test_no_introduction_raises_anything_but_its_own_errors(data: st.DataObject) -> None:
    try:
        county = read_introduction(data.draw(any_bytes(INTRODUCTION)), INVITATION)
    except (FormatError, CryptoError):
        return
    assert county.hub.raw == HUB_SIGNED.raw
