from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings

from common.crypto.certificates import SIGNED_MAX, issue, read_certificate
from common.crypto.errors import BadSignatureError
from common.crypto.signing import SigningKey, key_id
from common.crypto.wire import FormatError, Writer
from common.domain.node import NodeId, Tier
from tests.common.crypto.county import (
    AUTHORITY,
    HUB,
    HUB_KEYS,
    HUB_SIGNED,
    NOW,
    ROOT,
    TOWNSHIP,
    VILLAGE_SIGNED,
    hub_certificate,
    node_certificate,
)
from tests.common.crypto.mangling import any_bytes


def enveloped(raw: bytes) -> bytes:
    return Writer().blob(raw, 8192).raw(bytes(8 + 64)).done()


def test_what_is_issued_is_read_back() -> None:
    assert HUB_SIGNED.cert == hub_certificate()
    assert VILLAGE_SIGNED.cert == node_certificate()
    assert read_certificate(VILLAGE_SIGNED.encoded) == VILLAGE_SIGNED
    assert VILLAGE_SIGNED.issuer == key_id(AUTHORITY.authority.public())
    assert len(VILLAGE_SIGNED.encoded) < SIGNED_MAX
    assert VILLAGE_SIGNED.digest() != HUB_SIGNED.digest()


def test_only_the_issuer_verifies() -> None:
    VILLAGE_SIGNED.verify(AUTHORITY.authority.public())
    HUB_SIGNED.verify(ROOT.public())
    with pytest.raises(BadSignatureError):
        VILLAGE_SIGNED.verify(ROOT.public())


@given(any_bytes(VILLAGE_SIGNED.encoded))
@settings(max_examples=80)
def test_no_bytes_raise_anything_but_format_error_and_no_change_verifies(data: bytes) -> None:
    try:
        found = read_certificate(data)
    except FormatError:
        return
    if (found.raw, found.signature) != (VILLAGE_SIGNED.raw, VILLAGE_SIGNED.signature):
        with pytest.raises(BadSignatureError):
            found.verify(AUTHORITY.authority.public())


@given(any_bytes(VILLAGE_SIGNED.raw) | any_bytes(HUB_SIGNED.raw))
@settings(max_examples=120)
def test_a_certificate_has_one_encoding_only(raw: bytes) -> None:
    try:
        found = read_certificate(enveloped(raw))
    except FormatError:
        return
    again = read_certificate(issue(SigningKey.generate(), found.cert))
    assert again.raw == raw


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"JJC1\x02", b"JJC2\x02"),
        (b"JJC1\x02", b"JJC1\x03"),
        (b"JJC1\x02", b"JJC1\x01"),
        (b"\x07village", b"\x07villain"),
        (b"\x07village", b"\x06county"),
        (b"130638-0417", b"130638-0001"),
        (b"130638-0417", b"130638_0417"),
        (b"\x0c130638100201", b"\x0c1306381\xef\xbc\x90201"),
        (b"\x0c130638100201", b"\x0c130638100000"),
    ],
)
def test_a_certificate_no_authority_may_issue_is_no_certificate(old: bytes, new: bytes) -> None:
    assert old in VILLAGE_SIGNED.raw
    with pytest.raises(FormatError):
        read_certificate(enveloped(VILLAGE_SIGNED.raw.replace(old, new)))


def test_times_and_divisions_have_one_form() -> None:
    local = NOW.astimezone(timezone(timedelta(hours=8))) + timedelta(microseconds=5)
    cert = node_certificate(valid_from=local, divisions=("130638100201", "130638100200", "130638100201"))
    assert cert.valid_from == NOW
    assert cert.valid_from.tzinfo is UTC
    assert cert.divisions == ("130638100200", "130638100201")
    assert node_certificate(divisions=("130638100000",)).divisions == ("130638100",)


def test_validity_covers_from_its_first_second_to_before_its_last() -> None:
    cert = node_certificate()
    assert cert.covers(cert.valid_from)
    assert not cert.covers(cert.valid_until)
    assert not cert.covers(cert.valid_from - timedelta(seconds=1))


@pytest.mark.parametrize(
    "changes",
    [
        {"generation": 0},
        {"generation": 1_000_000},
        {"name": " "},
        {"name": "村" * 67},
        {"name": "a\nb"},
        {"node": HUB},
        {"tier": Tier.COUNTY},
        {"tier": Tier.TOWNSHIP},
        {"parent": NodeId("130638-0417")},
        {"parent": NodeId("130629-0003")},
        {"divisions": ()},
        {"divisions": ("x",)},
        {"valid_until": NOW},
        {"valid_from": datetime(2026, 1, 1)},  # noqa: DTZ001 - a time that names no zone
        {"valid_from": datetime(1969, 1, 1, tzinfo=UTC)},
        {"serial": 0},
        {"signing": bytes(31)},
    ],
)
def test_a_node_certificate_cannot_be_built_wrong(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        node_certificate(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"node": TOWNSHIP},
        {"epoch": bytes(15)},
        {"order": 0},
        {"authority": bytes(31)},
        {"authority": HUB_KEYS.signing.public()},
        {"sealing": bytes(3)},
    ],
)
def test_a_hub_certificate_cannot_be_built_wrong(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        hub_certificate(**changes)


def test_every_role_is_told_by_its_certificate() -> None:
    assert hub_certificate().keys == HUB_KEYS.public()
