"""People's words become data: one line, nothing invisible, nothing the fonts lack."""

import pytest

from common.papers.plain_data import as_data, missing_characters, printable
from tests.common.papers.samples import RECEIPT


def test_rare_surnames_stay_as_they_are() -> None:
    assert printable("𬱖㛃𠅤𬘭") == "𬱖㛃𠅤𬘭"
    assert missing_characters(RECEIPT) == ()


def test_invisible_marks_and_turned_writing_are_dropped() -> None:
    assert printable("\u202e王\u200b芳\ufeff\ue000") == "王芳"


def test_blanks_and_line_ends_become_one_blank() -> None:
    assert printable("\t王\n\n 芳\u3000\x00 ") == "王 芳"


def test_lacking_characters_are_named_once_in_order() -> None:
    assert missing_characters(("𠮷𠮷", ("\U0002ebf1", "𠮷"), 3, None)) == ("𠮷", "\U0002ebf1")
    assert printable("𠮷野") == "〓野"


def test_a_mark_over_a_character_that_the_fonts_lack_is_shown_as_lacking() -> None:
    assert printable("a\ua66f") == "a〓"


def test_a_variation_of_a_character_is_kept() -> None:
    assert printable("葛\U000e0100") == "葛\U000e0100"


@pytest.mark.parametrize("foreign", [1.5, b"x", RECEIPT.__class__, {"a": 1}])
def test_what_no_paper_holds_is_refused(foreign: object) -> None:
    with pytest.raises(TypeError, match="no paper holds"):
        as_data(foreign)
