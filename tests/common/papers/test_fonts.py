"""Papers are set in our own fonts or not at all."""

from pathlib import Path

import pytest

from common.papers.fonts import FAMILY, PaperFontsMissingError, coverage, load


def test_only_our_family_is_loaded() -> None:
    assert load().families() == [FAMILY]


def test_both_weights_hold_common_and_rare_characters() -> None:
    assert {ord(mark) for mark in "王芳𬱖㛃𠅤𬘭〓0A"} <= coverage()


@pytest.mark.parametrize("use", [load, coverage])
def test_a_missing_font_is_said_in_both_languages(use, tmp_path: Path) -> None:
    with pytest.raises(PaperFontsMissingError, match="make setup") as caught:
        use(tmp_path)
    assert "没有丢" in caught.value.sentence
    assert str(tmp_path) not in str(caught.value)
