"""Which attachments a body names: most are not decoded to be asked, and none is missed by that."""

from dataclasses import replace

import pytest

from common.domain.application import FileRef, MaterialGiven
from common.domain.bodies.requests import Submitted
from common.journal.body import decode_body, encode_body
from common.journal.named_files import named_files
from tests.builders.cases import application

NAME = "ab" * 32
FILE = FileRef(NAME, 3, "cd" * 32, "image/jpeg")
PICTURED = Submitted("041726000017", replace(application(), materials=(MaterialGiven("m1", files=(FILE,)),)))


@pytest.mark.parametrize(
    "written",
    [
        encode_body(PICTURED),
        encode_body(PICTURED).replace(b'"parcel"', b'"p\\u0061rcel"'),
        encode_body(PICTURED).replace(b'"parcel"', b'"\\u0070\\u0061\\u0072\\u0063\\u0065\\u006c"'),
        encode_body(PICTURED).replace(b":", b" : "),
    ],
    ids=["ours", "an-escape", "all-escapes", "with-blanks"],
)
def test_a_file_is_found_however_its_name_is_written(written: bytes) -> None:
    assert decode_body("submitted", written) == PICTURED
    assert [(one.name.hex(), one.length) for one in named_files("submitted", written)] == [(NAME, 3)]


def test_a_body_without_files_names_none() -> None:
    bare = encode_body(replace(PICTURED, application=replace(PICTURED.application, materials=())))
    assert named_files("submitted", bare) == frozenset()
    assert named_files("submitted", None) == frozenset()
