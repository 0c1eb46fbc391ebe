"""Names alone say what lies where; the specification's limits are the code's."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.domain.audience import PUBLIC, Audience
from common.domain.node import NodeId
from common.link.folder import limits
from common.link.folder.layout import (
    ATTACHMENT,
    BATCH,
    audience_folder,
    audience_of,
    named,
    node_of,
    parcel_file,
    word_file,
)
from common.sync.listed import ParcelKind

SPECIFICATION = Path(limits.__file__).parents[3] / "docs" / "spec" / "folder.md"
NODES = st.builds(NodeId.of, st.just("130638"), st.integers(1, 9999))
AUDIENCES = st.one_of(
    st.just(PUBLIC),
    st.builds(Audience.county, NODES),
    st.builds(Audience.drop, NODES),
    st.builds(Audience.township, NODES, NODES),
)


@given(AUDIENCES)
def test_an_audience_is_read_from_its_folder(audience: Audience) -> None:
    folder = audience_folder(audience.text)
    assert audience_of(folder) == audience
    assert folder == folder.lower()
    assert ":" not in folder


@given(st.binary(min_size=32, max_size=32), st.sampled_from([ParcelKind.BATCH, ParcelKind.ATTACHMENT]))
def test_a_parcel_is_read_from_its_file(name: bytes, kind: ParcelKind) -> None:
    ending = BATCH if kind is ParcelKind.BATCH else ATTACHMENT
    assert named(parcel_file(name, kind), ending) == name
    assert named(parcel_file(name, kind), ATTACHMENT if ending == BATCH else BATCH) is None


@given(NODES)
def test_a_node_is_read_from_its_word(node: NodeId) -> None:
    assert node_of(word_file(node)) == node


@given(st.text(max_size=80))
def test_any_other_name_is_nobodys(name: str) -> None:
    assert node_of(name) is None
    assert named(name, BATCH) is None
    audience = audience_of(name)
    assert audience is None or audience_folder(audience.text) == name


@pytest.mark.parametrize(
    "name", ["AB" * 32 + ".jjb", "ab" * 31 + ".jjb", "ab" * 32 + ".jjb.bad", "ab" * 32 + ".jjb\n"]
)
def test_a_name_in_another_form_is_no_parcels(name: str) -> None:
    assert named(name, BATCH) is None


@pytest.mark.parametrize(
    "name", ["130638-0000.jjw", "130638-0417.jjw.tmp", "130638-417.jjw", "١٣٠٦٣٨-٠٤١٧.jjw"]
)
def test_a_name_in_another_form_is_no_word(name: str) -> None:
    assert node_of(name) is None


def test_the_specification_and_the_code_name_the_same_limits() -> None:
    text = SPECIFICATION.read_text(encoding="utf-8").split("## 8. Limits")[1]
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("|")]
    said = {name.strip(): int(value.replace(",", "")) for name, value in rows[2:]}
    assert said == {name: getattr(limits, name) for name in limits.__all__}
