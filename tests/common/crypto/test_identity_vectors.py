"""The known answers of docs/spec/identity.md §10."""

import json
from pathlib import Path
from typing import Any

import pytest

from common.crypto import errors
from common.crypto.certificates import issue, read_certificate
from common.crypto.enrolment import open_reply, open_request, read_introduction
from common.crypto.invitation import parse_code
from common.crypto.keyfile import unwrap_with_password
from common.crypto.keyring import NodeKeys
from common.crypto.letters import letter_digest
from common.crypto.renewal import open_renewal
from common.crypto.root import CountyRoot
from common.crypto.sealing import SealingKey
from common.crypto.signing import SigningKey
from common.crypto.trust import check_chain
from common.crypto.wire import FormatError

FOLDER = Path(__file__).parent / "vectors" / "identity"
GOOD: dict[str, Any] = json.loads((FOLDER / "good.json").read_text(encoding="utf-8"))
DEFECTS = sorted(path for path in FOLDER.glob("*.json") if path.stem != "good")
ERRORS = {
    "FormatError": FormatError,
    "CertificateError": errors.CertificateError,
    "BadSignatureError": errors.BadSignatureError,
}


def raw(name: str) -> bytes:
    return bytes.fromhex(GOOD[name])


def node_keys(name: str) -> NodeKeys:
    seeds = {role: bytes.fromhex(seed) for role, seed in GOOD[name].items()}
    return NodeKeys(
        signing=SigningKey.from_seed(seeds["signing"]),
        sealing=SealingKey.from_seeds(seeds["mlkem"], seeds["x25519"]),
        transport=SigningKey.from_seed(seeds["transport"]),
        receipt=SigningKey.from_seed(seeds["receipt"]),
    )


ROOT = CountyRoot.from_seed(raw("root_seed"))
HUB = read_certificate(raw("hub_certificate"))
VILLAGE = read_certificate(raw("village_certificate"))
HUB_KEYS, VILLAGE_KEYS = node_keys("hub_seeds"), node_keys("village_seeds")


def test_the_same_seeds_make_the_same_certificates() -> None:
    authority = SigningKey.from_seed(raw("authority_seed"))
    assert ROOT.public() == raw("root_public")
    assert ROOT.fingerprint() == raw("root_fingerprint")
    assert issue(authority, VILLAGE.cert) == raw("village_certificate")
    assert issue(SigningKey.from_seed(raw("root_seed")), HUB.cert) == raw("hub_certificate")
    assert HUB.digest() == raw("hub_certificate_digest")
    assert VILLAGE.digest() == raw("village_certificate_digest")
    assert check_chain(ROOT.public(), HUB, VILLAGE) == VILLAGE.cert


def test_the_code_carries_what_it_carried() -> None:
    invitation = parse_code(GOOD["code"])
    assert invitation.code() == GOOD["code"]
    assert (invitation.fingerprint, invitation.secret) == (raw("root_fingerprint"), raw("secret"))
    assert invitation.secret_digest() == raw("secret_digest")
    assert read_introduction(raw("introduction"), invitation).hub == HUB


def test_the_letters_say_what_they_said() -> None:
    request = open_request(HUB_KEYS.sealing, HUB, raw("request"))
    assert request.secret_digest() == raw("secret_digest")
    assert request.keys_digest() == raw("village_keys_digest")
    assert letter_digest(raw("request")) == raw("request_digest")
    admission = open_reply(VILLAGE_KEYS, ROOT.public(), raw("request_digest"), raw("reply"))
    assert admission.node == VILLAGE
    assert [other.encoded for other in admission.others] == [raw("township_certificate")]
    renewal = open_renewal(HUB_KEYS.sealing, HUB, raw("renewal"), lambda _: VILLAGE)
    assert renewal.keys == VILLAGE_KEYS.public()


def test_the_key_file_opens() -> None:
    assert unwrap_with_password(raw("key_file"), GOOD["key_file_password"]) == raw("key_file_secret")


@pytest.mark.parametrize("path", DEFECTS, ids=lambda path: path.stem)
def test_each_defect_gives_its_own_error(path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    hub = read_certificate(bytes.fromhex(vector["hub"]))
    with pytest.raises((FormatError, errors.CryptoError)) as caught:
        check_chain(
            bytes.fromhex(vector["root_public"]), hub, read_certificate(bytes.fromhex(vector["certificate"]))
        )
    assert type(caught.value) is ERRORS[vector["error"]]
