"""Certificates as OpenSSH itself reads them."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from common.domain.node import NodeId
from common.link.certificates import (
    MAX_SERIAL,
    CertificateTerms,
    LinkIdentity,
    is_by,
    issue_host_certificate,
    issue_node_certificate,
)
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
