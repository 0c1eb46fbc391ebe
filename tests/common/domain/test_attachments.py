"""No attachment an entry names may be forgotten when its batch is sealed."""

from common.domain.application import BackEntry, FileRef, MaterialGiven
from common.domain.attachments import named_files
from common.domain.bodies.requests import Submitted
from tests.builders.cases import application


def file(name: str) -> FileRef:
    return FileRef(name, 1, "00", "image/png")


def test_every_attachment_is_found_wherever_it_stands() -> None:
    handed_in = application(
        materials=(
            MaterialGiven("m1", files=(file("a"), file("b"))),
            MaterialGiven("m2", files=(file("c"),)),
        ),
        back_entry=BackEntry("001", "2026-11-16", file("d")),
    )
    found = [one.parcel for one in named_files(Submitted("041726004582", handed_in))]
    assert found == ["a", "b", "c", "d"]


def test_a_list_and_a_dictionary_are_looked_into() -> None:
    assert [one.parcel for one in named_files({"x": [file("a")], "y": ("text", 3, None)})] == ["a"]
