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
    assert read.applicant.name == "王桂芳"


def test_many_stand_one_a_line_with_empty_lines_between() -> None:
    text = "\n\n".join(json.dumps(ONE, ensure_ascii=False) for _ in range(3))
    assert len(read_applications(text.encode())) == 3


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


def test_the_schema_names_what_is_needed() -> None:
    assert set(application_schema()["required"]) == {"item", "applicant"}
