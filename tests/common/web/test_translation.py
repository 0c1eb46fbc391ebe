"""English is complete: every word the pages can say has an entry, and none is glued from pieces."""

from functools import cache
from string import Formatter

from common.domain.sentence import Sentence
from common.web.translation import ENGLISH, english, is_foreign, speak, translate
from tests.builders.words import HOLE, PAGES, SOURCES, is_chinese, literals, template_data, template_words

ELSEWHERE = (
    "demo/",
    "common/papers/",  # papers are Chinese
    "common/link/folder/label.py",  # a paper on a stick; its last line is English
    "common/program/commands/",  # the command line speaks Chinese
    "common/domain/item_search.py",  # words people type
    "common/domain/masking.py",  # surnames
)
WRITTEN_DOWN = {
    "即办", "证件", "照片", "就近 Jiujin", "行政许可法第三十二条", "村民委员会", "居民委员会", "居委会",
    "社区", f"{HOLE}〔{HOLE}〕{HOLE}{HOLE}-{HOLE}号", f"仅供办理{HOLE}使用", f"{HOLE}便民服务中心",
    f"{HOLE}综合服务站",
}  # fmt: skip
"""Read from sheets and tables or written into records and names, which are Chinese in every language."""


@cache
def spoken() -> dict[str, str]:
    """Return what pages can say, with where it stands."""
    words = {
        text: where
        for path in SOURCES
        for where, text in literals(path)
        if not where.startswith(ELSEWHERE) and text not in WRITTEN_DOWN
    }
    words |= {text: path.name for path in PAGES for text in template_words(path)}
    return {text: where for text, where in words.items() if is_chinese(text)}


def holes(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}


def test_every_word_of_the_pages_has_an_english_one():
    assert {
        text: where for text, where in spoken().items() if HOLE not in text and text not in english()
    } == {}


def test_no_sentence_is_glued_together_before_it_is_translated():
    assert {text: where for text, where in spoken().items() if HOLE in text} == {}


def test_a_sentence_and_its_english_have_the_same_parts():
    assert {text: words for text, words in english().items() if holes(text) != holes(words)} == {}


def test_english_says_nothing_that_no_page_can_say():
    composed = {text for text in english() if not is_chinese(text)}
    assert set(english()) - composed - set(spoken()) == set()


def test_no_words_stand_bare_in_a_template():
    assert [path.name for path in PAGES if is_chinese(template_data(path))] == []


def test_a_sentence_is_said_in_the_language_spoken_and_own_words_are_marked():
    sentence = Sentence("{year}年{month}月{day}日", year=2026, month=3, day=4)
    assert translate(sentence) == "2026年3月4日"
    assert not is_foreign("民政局")
    with speak(ENGLISH):
        assert translate(sentence) == "2026-03-04"
        assert translate("第{n}张", n=3) == "Picture 3"
        assert is_foreign("民政局")
        assert not is_foreign(sentence)
        assert not is_foreign("0417")
