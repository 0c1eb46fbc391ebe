"""An evidence file is checked by a stranger; nothing altered passes, nothing in it breaks the reader."""

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.certificates import issue
from common.crypto.errors import BadSignatureError
from common.crypto.signing import SigningKey
from common.crypto.wire import FormatError
from common.journal.evidence import Evidence
from common.journal.limits import EVIDENCE_COVERS_MAX, EVIDENCE_MAX
from tests.common.journal.samples import seed
from tests.common.journal.strategies import any_bytes
from tests.second_decoder.evidence import evidence as second
from tests.vectors.statements import HUB_CERTIFICATE, good_cover

ROOT = SigningKey.from_seed(seed("root"))
COVER = good_cover()
GOOD = Evidence(ROOT.public(), (issue(ROOT, HUB_CERTIFICATE),), COVER.checkpoint, (COVER.encode(),))
TEXT = GOOD.to_json().encode()


def test_a_stranger_reads_what_was_written_and_so_does_the_second_decoder():
    found = Evidence.from_json(TEXT).check()
    assert [cover for cover, _ in found.proved] == [COVER]
    assert (found.bad, found.newest.counter) == (0, 9)
    (proved,) = second(TEXT)["proved"]
    assert (proved["number"], proved["hash"]) == (COVER.number, COVER.hash.hex())


def test_a_cover_that_does_not_hold_is_counted_and_hides_no_other():
    bad = replace(COVER, number=38).encode()
    found = replace(GOOD, covers=(bad, COVER.encode(), b"\1")).check()
    assert (len(found.proved), found.bad) == (1, 2)


def test_a_hub_another_root_signed_proves_nothing():
    with pytest.raises(FormatError, match="did not sign"):
        replace(GOOD, root=SigningKey.from_seed(seed("another root")).public()).check()
    with pytest.raises(FormatError, match="nobody knows"):
        replace(GOOD, hubs=()).check()


@given(st.integers(0, len(GOOD.covers[0]) * 8 - 1))
def test_a_bit_flipped_in_a_cover_never_proves_anything(bit):
    data = bytearray(GOOD.covers[0])
    data[bit // 8] ^= 1 << bit % 8
    assert replace(GOOD, covers=(bytes(data),)).check().proved == ()


@pytest.mark.parametrize(
    "change",
    [
        {"format": "jiujin/evidence/2"},
        {"root": "00"},
        {"root": None},
        {"hubs": "00"},
        {"checkpoint": "ABCD"},
        {"covers": ["0"]},
        {"covers": [1]},
        {"covers": ["00"] * (EVIDENCE_COVERS_MAX + 1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_file_of_another_form_is_no_evidence(change):
    with pytest.raises(FormatError):
        Evidence.from_json(json.dumps({**json.loads(TEXT), **change}).encode())


def test_members_of_a_later_version_are_passed_over():
    later = json.dumps({**json.loads(TEXT), "more": [1]}).encode()
    assert Evidence.from_json(later) == GOOD


def test_a_file_above_its_limit_is_not_parsed():
    with pytest.raises(FormatError, match="above its limit"):
        Evidence.from_json(b" " * (EVIDENCE_MAX + 1))


@given(any_bytes(TEXT) | st.just(b"[" * 100_000))
def test_no_bytes_make_evidence_raise_anything_else(data):
    with contextlib.suppress(FormatError, BadSignatureError):
        Evidence.from_json(data).check()
