import pytest
from hypothesis import given, settings

from common.crypto.certificates import SignedCertificate
from common.crypto.errors import (
    BadKeyError,
    BadSignatureError,
    CannotOpenError,
    CryptoError,
    UnknownCertificateError,
)
from common.crypto.hashing import digest
from common.crypto.keyring import NodeKeys
from common.crypto.letters import open_letter, seal_letter
from common.crypto.renewal import RENEWAL_MAGIC, RenewRequest, open_renewal, seal_renewal
from common.crypto.wire import FormatError
from common.domain.node import NodeId
from tests.common.crypto.county import (
    HUB_KEYS,
    HUB_SIGNED,
    TOWNSHIP_KEYS,
    TOWNSHIP_SIGNED,
    VILLAGE,
    VILLAGE_KEYS,
    VILLAGE_SIGNED,
    node_certificate,
    signed,
)
from tests.common.crypto.mangling import any_bytes

NEW_KEYS = NodeKeys.generate()
LETTER = seal_renewal(HUB_SIGNED, VILLAGE_SIGNED, VILLAGE_KEYS.signing, NEW_KEYS)
PLAIN = open_letter(RENEWAL_MAGIC, HUB_KEYS.sealing, LETTER, HUB_SIGNED.digest())


def current(node: NodeId) -> SignedCertificate | None:
    return VILLAGE_SIGNED if node == VILLAGE else None


def opened(letter: bytes) -> RenewRequest:
    return open_renewal(HUB_KEYS.sealing, HUB_SIGNED, letter, current)


def resealed(plain: bytes) -> bytes:
    return seal_letter(RENEWAL_MAGIC, HUB_KEYS.sealing.public(), plain, HUB_SIGNED.digest())


@pytest.mark.parametrize("keys", [VILLAGE_KEYS, NEW_KEYS])
def test_a_node_renews_with_the_keys_it_has_or_new_ones(keys: NodeKeys) -> None:
    request = opened(seal_renewal(HUB_SIGNED, VILLAGE_SIGNED, VILLAGE_KEYS.signing, keys))
    assert request == RenewRequest(VILLAGE, VILLAGE_SIGNED.digest(), keys.public())


def test_only_the_certified_key_renews() -> None:
    with pytest.raises(BadSignatureError):
        opened(seal_renewal(HUB_SIGNED, VILLAGE_SIGNED, NEW_KEYS.signing, NEW_KEYS))


def test_a_node_cannot_renew_for_another() -> None:
    with pytest.raises(BadSignatureError):
        opened(seal_renewal(HUB_SIGNED, VILLAGE_SIGNED, TOWNSHIP_KEYS.signing, TOWNSHIP_KEYS))


def test_a_certificate_that_is_not_current_renews_nothing() -> None:
    for mine in (TOWNSHIP_SIGNED, signed(node_certificate(serial=6))):
        with pytest.raises(UnknownCertificateError):
            opened(seal_renewal(HUB_SIGNED, mine, VILLAGE_KEYS.signing, NEW_KEYS))


def test_new_keys_must_be_held() -> None:
    mine, theirs = NEW_KEYS.public(), NodeKeys.generate().public()
    with pytest.raises(BadSignatureError):
        opened(resealed(PLAIN.replace(mine.transport, theirs.transport)))
    with pytest.raises(BadSignatureError):
        opened(resealed(PLAIN.replace(mine.sealing, theirs.sealing)))


def test_new_keys_must_be_usable_even_where_the_node_itself_says_so() -> None:
    """A certified node that asks for a sealing key nobody can seal to would shut itself out."""
    claimed = PLAIN[: -4 * 64].replace(NEW_KEYS.public().sealing, b"\xff" * 1216)
    transcript = digest(b"jiujin/renewal/1\0", HUB_SIGNED.digest(), claimed)
    signature = VILLAGE_KEYS.signing.sign(b"jiujin/renewal-by/1\0", transcript)
    with pytest.raises(BadKeyError):
        opened(resealed(claimed + NEW_KEYS.prove(transcript) + signature))


def test_a_renewal_is_for_one_hub_certificate() -> None:
    with pytest.raises(CannotOpenError):
        open_renewal(HUB_KEYS.sealing, VILLAGE_SIGNED, LETTER, current)


@given(any_bytes(LETTER) | any_bytes(PLAIN).map(resealed))
@settings(max_examples=80)
def test_no_bytes_make_the_hub_raise_anything_but_its_own_errors(data: bytes) -> None:
    try:
        request = opened(data)
    except (FormatError, CryptoError):
        return
    assert request == opened(LETTER)
