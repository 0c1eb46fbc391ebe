"""Every word people read, out of the source: string literals of the programs, texts of the templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("common", "county_hub", "township_node", "village_station", "demo")
    for path in (ROOT / folder).rglob("*.py")
)
PAGES = sorted((ROOT / "common" / "web" / "templates").rglob("*.html"))
HAN = r"〇\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for what is filled into a sentence."""
_SPOKEN_OTHERWISE = re.compile(r"<a[^>]*lang=[^>]*>[^<]*</a>")


def is_chinese(text: str) -> bool:
    """Whether a text has a Chinese character."""
    return re.search(f"[{HAN}]", text) is not None


def literals(path: Path) -> Iterator[tuple[str, str]]:
    """Yield where and what of every string but docstrings; a filled-in part is one character."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in node.values)
            yield _place(path, node), "".join(_text(part) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield _place(path, node), node.value


def template_words(path: Path) -> Iterator[str]:
    """Yield every string of a template's expressions."""
    yield from (value[1:-1] for kind, value in _tokens(path) if kind == "string")


def template_data(path: Path) -> str:
    """Return what a template sends as it stands, links in another language left out."""
    return _SPOKEN_OTHERWISE.sub("", "".join(value for kind, value in _tokens(path) if kind == "data"))


def _tokens(path: Path) -> Iterator[tuple[str, str]]:
    for _, kind, value in Environment(autoescape=True).lex(path.read_text(encoding="utf-8")):
        yield kind, value


def _text(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else HOLE


def _place(path: Path, node: ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"
