"""Certificates as OpenSSH itself reads them."""

import base64
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncssh
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from common.domain.node import NodeId
from common.link.certificates import (
    MAX_SERIAL,
    CertificateKind,
    CertificateTerms,
    CertificateTextError,
    LinkIdentity,
    ShownCertificate,
    is_by,
    issue_host_certificate,
    issue_node_certificate,
    read_certificate,
)
from common.link.keys import private_key
from common.link.peer import Principal
from tests.common.link.conftest import VILLAGE, raw

AUTHORITY = bytes(32)
TERMS = CertificateTerms(
    Principal(NodeId("130638-0417"), 3),
    MAX_SERIAL,
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2027, 3, 1, tzinfo=UTC),
)


def read_by_openssh(certificate: bytes, folder: Path) -> str:
    file = folder / "read-cert.pub"
    file.write_bytes(certificate)
    done = subprocess.run(
        ["ssh-keygen", "-L", "-f", str(file)], capture_output=True, check=True, text=True, env={"TZ": "UTC"}
    )
    return done.stdout


def test_a_node_certificate_names_one_principal_and_permits_nothing_more(tmp_path: Path):
    said = read_by_openssh(issue_node_certificate(AUTHORITY, raw(b"\x01" * 32), TERMS), tmp_path)
    assert "Type: ssh-ed25519-cert-v01@openssh.com user certificate" in said
    assert 'Key ID: "130638-0417.g3"' in said
    assert f"Serial: {MAX_SERIAL}" in said
    assert "from 2026-03-01T00:00:00 to 2027-03-01T00:00:00" in said
    principals = said.split("Principals:")[1].split("Critical Options")[0].split()
    assert principals == ["130638-0417.g3"]
    assert "Critical Options: (none)" in said
    assert "Extensions: (none)" in said


def test_a_host_certificate_names_the_node_with_and_without_its_generation(tmp_path: Path):
    said = read_by_openssh(issue_host_certificate(AUTHORITY, raw(b"\x01" * 32), TERMS), tmp_path)
    assert "host certificate" in said
    principals = said.split("Principals:")[1].split("Critical Options")[0].split()
    assert principals == ["130638-0417", "130638-0417.g3"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": -1},
        {"serial": MAX_SERIAL + 1},
        {"valid_until": TERMS.valid_from},
        {"valid_from": datetime(2026, 3, 1)},  # noqa: DTZ001 - the defect
        {"valid_until": datetime(2027, 3, 1)},  # noqa: DTZ001 - the defect
    ],
)
def test_terms_no_certificate_can_carry_are_refused(wrong):
    with pytest.raises(ValueError, match="certificate"):
        replace(TERMS, **wrong)


def test_an_identity_never_shows_its_key():
    identity = LinkIdentity(VILLAGE, b"\x5a" * 32, b"certificate")
    assert repr(identity) == "LinkIdentity(130638-0417.g1)"
    assert str(identity) == repr(identity)


def test_an_unreadable_certificate_is_a_value_error():
    with pytest.raises(ValueError, match="certificate"):
        LinkIdentity(VILLAGE, bytes(32), b"no certificate").key_pairs()


def test_a_certificate_shows_whose_authority_signed_it():
    by = issue_node_certificate(AUTHORITY, raw(b"\x01" * 32), TERMS)
    assert is_by(by, frozenset({raw(AUTHORITY)}))
    assert not is_by(by, frozenset({raw(b"\x02" * 32)}))
    assert not is_by(by, frozenset())


@pytest.mark.parametrize("place", [40, 200, 400])
def test_a_certificate_altered_is_nobodys(place: int):
    by = bytearray(issue_node_certificate(AUTHORITY, raw(b"\x01" * 32), TERMS))
    by[place] = ord("A") if by[place] != ord("A") else ord("B")
    assert not is_by(bytes(by), frozenset({raw(AUTHORITY)}))


def test_what_is_no_certificate_is_nobodys():
    assert not is_by(b"", frozenset({raw(AUTHORITY)}))
    assert not is_by(b"\xff\xfe", frozenset({raw(AUTHORITY)}))


NOW = CertificateTerms(
    VILLAGE, 7, datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=1)
)
KEY = raw(b"\x01" * 32)
LINE = b"ssh-ed25519-cert-v01@openssh.com "


def test_a_certificate_is_read_as_it_was_issued():
    user = read_certificate(issue_node_certificate(AUTHORITY, KEY, NOW), CertificateKind.USER)
    assert user == ShownCertificate(KEY, raw(AUTHORITY), frozenset({"130638-0417.g1"}), in_date=True)
    host = read_certificate(issue_host_certificate(AUTHORITY, KEY, NOW), CertificateKind.HOST)
    assert host.principals == {"130638-0417", "130638-0417.g1"}


@pytest.mark.parametrize("days", [-5, 5])
def test_a_certificate_out_of_its_dates_is_read_and_says_so(days: int):
    moved = replace(
        NOW,
        valid_from=NOW.valid_from + timedelta(days=days),
        valid_until=NOW.valid_until + timedelta(days=days),
    )
    assert not read_certificate(issue_node_certificate(AUTHORITY, KEY, moved), CertificateKind.USER).in_date


def test_a_certificate_for_the_other_end_is_refused():
    with pytest.raises(CertificateTextError, match="other end"):
        read_certificate(issue_node_certificate(AUTHORITY, KEY, NOW), CertificateKind.HOST)
    with pytest.raises(CertificateTextError, match="other end"):
        read_certificate(issue_host_certificate(AUTHORITY, KEY, NOW), CertificateKind.USER)


def test_a_certificate_with_options_or_other_keys_is_refused():
    mine, authority = private_key(b"\x01" * 32), private_key(AUTHORITY)
    forced = authority.generate_user_certificate(mine, "x", principals=["x"], force_command="sh")
    bound = authority.generate_user_certificate(mine, "x", principals=["x"], source_address=["10.0.0.0/8"])
    by_another = asyncssh.generate_private_key("ecdsa-sha2-nistp256").generate_user_certificate(mine, "x")
    for certificate in (forced, bound, by_another):
        with pytest.raises(CertificateTextError, match="other keys or with options"):
            read_certificate(certificate.export_certificate("openssh"), CertificateKind.USER)
    over_another = authority.generate_user_certificate(asyncssh.generate_private_key("ssh-rsa"), "x")
    with pytest.raises(CertificateTextError):
        read_certificate(over_another.export_certificate("openssh"), CertificateKind.USER)


def test_a_certificate_that_was_changed_is_refused():
    good = issue_node_certificate(AUTHORITY, KEY, NOW)
    blob = bytearray(base64.b64decode(good.split()[1]))
    blob[-1] ^= 1
    with pytest.raises(CertificateTextError):
        read_certificate(LINE + base64.b64encode(blob), CertificateKind.USER)


@given(st.binary(max_size=600), st.booleans())
def test_no_bytes_raise_anything_but_a_certificate_error(data: bytes, blob: bool):
    text = LINE + (base64.b64encode(data) if blob else data)
    for said in (data, text):
        with pytest.raises(CertificateTextError):
            read_certificate(said, CertificateKind.USER)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_certificate_spoilt_anywhere_is_refused(place: int, change: bytes):
    blob = bytearray(base64.b64decode(issue_node_certificate(AUTHORITY, KEY, NOW).split()[1]))
    spoilt = blob[:place] + change + blob[place + len(change) :]
    assume(spoilt != blob)
    with pytest.raises(CertificateTextError):
        read_certificate(LINE + base64.b64encode(spoilt), CertificateKind.USER)
