"""What people read in Chinese has Chinese punctuation: ，。：；？！（）“”, never the half-width marks."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("common", "county_hub", "township_node", "village_station", "demo")
    for path in (ROOT / folder).rglob("*.py")
)
WRITTEN = (
    ROOT / "README.zh-CN.md",
    *sorted((ROOT / "common" / "web" / "templates").rglob("*.html")),
    *sorted((ROOT / "common" / "papers" / "templates").glob("*.typ")),
)
NOT_SAID = {
    ".html": re.compile(r"{#.*?#}|\"", re.DOTALL),
    ".typ": re.compile(r'//.*|#([\w.-]|\(([^()]|\([^()]*\))*\))*;?|"'),
    ".md": re.compile(r"\]\([^)]*\)"),
}
"""What in such a file is not for people: comments, calls, quotes, addresses."""
HAN = r"〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for what is filled into a sentence."""
BESIDE = HAN + "，。：；？！（）“”、《》"
HALF = re.compile(rf'[{BESIDE}] ?[,:;?!()."]|[,:;?!()"] ?[{BESIDE}]|{HOLE}[,:;?!()] ?{HOLE}')


def half_width(text: str) -> list[str]:
    """Return the half-width marks of a text in Chinese, each with what stands beside it."""
    return HALF.findall(text) if re.search(f"[{HAN}]", text) else []


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string but docstrings; a filled-in part is one character."""
    tree = ast.parse(source)
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in node.values)
            yield (
                node.lineno,
                "".join(
                    getattr(part, "value", HOLE) if isinstance(part, ast.Constant) else HOLE
                    for part in node.values
                ),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.lineno, node.value


def test_every_sentence_of_the_programs_has_full_width_punctuation() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in SOURCES
        for line, text in literals(path.read_text(encoding="utf-8"))
        if half_width(text)
    ]
    assert found == []


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_page_and_paper_has_full_width_punctuation(path: Path) -> None:
    text = NOT_SAID[path.suffix].sub("\n", path.read_text(encoding="utf-8"))
    assert half_width(text) == []


def test_every_sentence_with_an_english_one_has_full_width_punctuation() -> None:
    dictionary = json.loads((ROOT / "common" / "web" / "locale" / "en.json").read_text(encoding="utf-8"))
    assert [sentence for sentence in dictionary if half_width(sentence)] == []


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
