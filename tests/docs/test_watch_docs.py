"""What the documents say of metrics, alerts and events is what the programs say."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from common.domain.calendar import seed_calendar
from common.domain.figures import Figure, Figures
from common.domain.item import CORRECTION
from common.domain.watching import Known, danger, judge
from common.web.metrics import Measured, Meters, exposition

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
NAME = re.compile(r"`(jiujin_[a-z_]+)`")
EVENT = re.compile(r"^\| `([a-z_]+)` \| [a-z, ]+ \| ([a-z_, ]*) ?\|", re.MULTILINE)


def shown() -> set[str]:
    """Every metric of ours that a scrape can show."""
    figures = Figures(1, NOW, "jiujin/0.1.0", dict.fromkeys(Figure, 1))
    watched = judge(Known(NOW, figures, 1, 1, 1), NOW, danger(NOW, [CORRECTION], seed_calendar()))
    meters = Meters()
    meters.session("finished", 1, 1)
    text = exposition(meters, (Measured("130638-0417", "village", "jiujin/0.1.0", watched),)).decode()
    families = text_string_to_metric_families(text)
    names = {sample.name for family in families for sample in family.samples}
    return {
        name for name in names if not name.startswith("jiujin_process_") and not name.endswith("_created")
    }


def test_the_reference_names_every_metric_and_no_other() -> None:
    told = (ROOT / "docs" / "reference" / "metrics.md").read_text(encoding="utf-8")
    assert set(NAME.findall(told)) == shown()


def test_every_metric_of_the_example_alerts_is_shown() -> None:
    rules = (ROOT / "docs" / "howto" / "alerts.yml").read_text(encoding="utf-8")
    named = {
        name for line in rules.splitlines() if "expr:" in line for name in re.findall(r"jiujin_[a-z_]+", line)
    }
    assert len(named) > 8
    assert named <= shown()


def said() -> Iterator[tuple[str, frozenset[str]]]:
    """Every event the code says, with its fields."""
    for path in [*(ROOT / "common").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "event":
                name = node.args[2]
                assert isinstance(name, ast.Constant), f"{path}: an event's name is written out"
                yield str(name.value), frozenset(str(word.arg) for word in node.keywords)


def test_the_reference_names_every_event_with_its_fields_and_no_other() -> None:
    told = (ROOT / "docs" / "reference" / "events.md").read_text(encoding="utf-8")
    rows = {name: set(re.findall("[a-z_]+", fields)) for name, fields in EVENT.findall(told)}
    spoken: dict[str, set[str]] = {"library": {"text"}}
    for name, fields in said():
        spoken.setdefault(name, set()).update(fields)
    assert rows == spoken


def test_nothing_is_logged_past_the_events() -> None:
    """A free sentence in the log is no contract and may hold anything."""
    past = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / "common").rglob("*.py")
        if path.name != "log.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"debug", "info", "warning", "error", "exception", "critical"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id.lower().strip("_") in {"log", "logger", "logging"}
    ]
    assert past == []
