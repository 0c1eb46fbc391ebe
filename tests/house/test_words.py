"""What people read in Chinese has Chinese punctuation: ，。：；？！（）“”, never the half-width marks."""

import re
from pathlib import Path

import pytest

from common.web.translation import english
from tests.builders.words import HAN, HOLE, PAGES, ROOT, SOURCES, is_chinese, literals

WRITTEN = (
    ROOT / "README.zh-CN.md",
    *PAGES,
    *sorted((ROOT / "common" / "papers" / "templates").glob("*.typ")),
)
NOT_SAID = {
    ".html": re.compile(r"{#.*?#}|\"", re.DOTALL),
    ".typ": re.compile(r'//.*|#([\w.-]|\(([^()]|\([^()]*\))*\))*;?|"'),
    ".md": re.compile(r"\]\([^)]*\)"),
}
"""What in such a file is not for people: comments, calls, quotes, addresses."""
BESIDE = HAN + "，。：；？！（）“”、《》"
HALF = re.compile(rf'[{BESIDE}] ?[,:;?!()."]|[,:;?!()"] ?[{BESIDE}]|{HOLE}[,:;?!()] ?{HOLE}')


def half_width(text: str) -> list[str]:
    """Return the half-width marks of a text in Chinese, each with what stands beside it."""
    return HALF.findall(text) if is_chinese(text) else []


def test_every_sentence_of_the_programs_has_full_width_punctuation() -> None:
    found = [f"{where}: {text}" for path in SOURCES for where, text in literals(path) if half_width(text)]
    assert found == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_page_and_paper_has_full_width_punctuation(path: Path) -> None:
    text = NOT_SAID[path.suffix].sub("\n", path.read_text(encoding="utf-8"))
    assert half_width(text) == []


def test_every_sentence_with_an_english_one_has_full_width_punctuation() -> None:
    assert [sentence for sentence in english() if half_width(sentence)] == []


@pytest.mark.parametrize(
    "text", ["缺一页,请补", "密码不对: 再试", "（空)", f"{HOLE}:{HOLE}条", "收好. 再来", '点"查看"', "要吗?"]
)
def test_a_half_width_mark_is_seen(text: str) -> None:
    assert half_width(text)


@pytest.mark.parametrize(
    "text",
    ["10:32 已同步", "例如 192.168.1.10:2222。", "网页 http://a/", "line 2, column 3", "存成 a.csv 文件"],
)
def test_marks_inside_numbers_addresses_and_english_stand(text: str) -> None:
    assert half_width(text) == []
