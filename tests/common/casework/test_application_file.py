"""Applications from a file: every wrong line is told with its place, and no value is repeated."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.casework.application_file import (
    LARGEST,
    ApplicationFileError,
    application_schema,
    read_applications,
)
from common.casework.receive import MOST_AT_ONCE

ONE = {"item": "YL-0001", "applicant": {"name": "王桂芳", "identity": "11010519491231002X"}}


def test_one_application_may_stand_on_many_lines() -> None:
    (read,) = read_applications(json.dumps(ONE, indent=2).encode())
    assert (read.number, read.application.applicant.name) == (1, "王桂芳")


def test_many_stand_one_a_line_with_empty_lines_between() -> None:
    text = "\n\n".join(json.dumps(ONE, ensure_ascii=False) for _ in range(3))
    assert [one.number for one in read_applications(text.encode())] == [1, 3, 5]


def test_every_wrong_line_is_told_without_its_values() -> None:
    wrong = ONE | {"applicant": {"name": "王桂芳"}, "colour": "red"}
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in (ONE, wrong, [1], ONE))
    with pytest.raises(ApplicationFileError) as refused:
        read_applications(text.encode())
    assert [one.line for one in refused.value.wrong] == [2, 3]
    assert "applicant.identity" in refused.value.sentence
    assert "colour" in refused.value.sentence
    assert "王桂芳" not in refused.value.sentence


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", bytes(LARGEST + 1), b'{"item": 3}\n' * (MOST_AT_ONCE + 1)]
)
def test_what_is_no_application_is_a_sentence(data: bytes) -> None:
    with pytest.raises(ApplicationFileError) as refused:
        read_applications(data)
    assert refused.value.sentence.endswith("。")


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with pytest.raises(ApplicationFileError):
        read_applications(data)


@pytest.mark.parametrize("filled_in", [{"version": "00"}, {"missing": ["m1"]}])
def test_what_is_filled_in_when_it_is_taken_in_is_not_believed_from_a_file(
    filled_in: dict[str, object],
) -> None:
    with pytest.raises(ApplicationFileError):
        read_applications(json.dumps(ONE | filled_in).encode())


def test_a_file_names_pictures_and_never_sealed_parcels_or_their_keys() -> None:
    ref = {"parcel": "00" * 32, "length": 3, "key": "00" * 32, "media_type": "image/jpeg"}
    sealed = ONE | {"materials": [{"code": "m1", "files": [ref]}]}
    with pytest.raises(ApplicationFileError):
        read_applications(json.dumps(sealed).encode())
    named = ONE | {"materials": [{"code": "m1", "files": ["card.heic"]}]}
    (line,) = read_applications(json.dumps(named).encode())
    assert line.application.materials[0].files == ("card.heic",)


def test_the_schema_names_what_is_needed() -> None:
    assert set(application_schema()["required"]) == {"item", "applicant"}
