"""Reads a catalogue sheet (CSV): one row one item, every refused row told with row, column and reason."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from common.domain.clocks import DayUnit, Limit
from common.domain.item import KIND_NAMES, Item, ItemKind, Material, Shows, is_item_code
from common.domain.node import Tier
from common.domain.sentence import Sentence

NEEDED = ("code", "name", "route")
COLUMNS = (
    *NEEDED,
    "sub_name",
    "department",
    "type",
    "levels",
    "legal_basis",
    "handling_mode",
    "statutory_days",
    "promised_days",
    "materials",
    "pictures",
    "source",
    "sensitive",
    "lawful_receiver",
    "deemed_acceptance",
    "keywords",
    "sample",
)
MOST_ROWS = 20_000
LONGEST_CELL = 4_000
_INSTANT = "即办"
_KINDS = {name: kind for kind, name in KIND_NAMES.items()} | {"": None, "行政备案": ItemKind.OTHER}
_SHOWS = {"证件": Shows.IDENTITY, "照片": Shows.PHOTOGRAPH}
_YES = {"是": True, "否": False, "": False}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing wrong in the sheet: the row as a spreadsheet counts it (the header is row 1)."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet gave: the items that may go in, and everything refused."""

    items: tuple[Item, ...]
    refused: tuple[Refusal, ...]


class _CellError(ValueError):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def read_catalogue(content: bytes) -> Reading:
    """Return the items of a sheet in UTF-8 (with or without BOM) or GB 18030; never raises for bad input."""
    try:
        rows = csv.DictReader(io.StringIO(_text(content), newline=""))
        wrong = _wrong_columns(tuple(rows.fieldnames or ()))
        return Reading((), wrong) if wrong else _read_rows(rows)
    except (csv.Error, UnicodeDecodeError):
        reason = "读不懂这个文件，请用表格软件另存为 CSV（UTF-8）后再试。"
        return Reading((), (Refusal(1, "", reason),))


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _wrong_columns(names: tuple[str, ...]) -> tuple[Refusal, ...]:
    missing = [Refusal(1, name, "缺少这一列，请补上列名。") for name in NEEDED if name not in names]
    unknown = [
        Refusal(1, name or Sentence("（空）"), "不认识这一列，请删去或改名。")
        for name in names
        if name not in COLUMNS
    ]
    return (*missing, *unknown)


def _read_rows(rows: "csv.DictReader[str]") -> Reading:
    items: dict[str, Item] = {}
    refused: list[Refusal] = []
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS:
            refused.append(Refusal(number, "", Sentence("一次最多{n}行，其余请分次导入。", n=MOST_ROWS)))
            break
        try:
            item = _item(_cells(row))
            if item.code in items:
                raise _CellError("code", "和前面某一行的编码重复，每行一个编码。")  # noqa: TRY301 - one way out
            items[item.code] = item
        except _CellError as error:
            refused.append(Refusal(number, error.column, error.reason))
    return Reading(tuple(items.values()), tuple(refused))


def _cells(row: dict[str, str]) -> dict[str, str]:
    if None in row:
        raise _CellError("", "这一行的格子比列名多，请检查逗号和引号。")
    cells = {name: (value or "").strip() for name, value in row.items()}
    for name, value in cells.items():
        if len(value) > LONGEST_CELL:
            raise _CellError(name, Sentence("这一格超过{n}个字。", n=LONGEST_CELL))
    return cells


def _item(cells: dict[str, str]) -> Item:
    for name in NEEDED:
        if not cells[name]:
            raise _CellError(name, "这一格不能空。")
    if not is_item_code(cells["code"]):
        raise _CellError("code", "编码只能用字母、数字、点、横线和下划线，以字母或数字开头，最多64个字。")
    get = cells.get
    sub_name = get("sub_name", "")
    try:
        return Item(
            code=cells["code"],
            name=f"{cells['name']}（{sub_name}）" if sub_name else cells["name"],
            route=_route(cells["route"]),
            department=get("department", ""),
            kind=_choice(_KINDS, "type", get("type", "")),
            legal_basis=get("legal_basis", ""),
            handling_mode=get("handling_mode", ""),
            levels=get("levels", ""),
            statutory=_limit("statutory_days", get("statutory_days", "")),
            promised=_limit("promised_days", get("promised_days", "")),
            deemed_acceptance=_yes("deemed_acceptance", cells),
            instant=get("promised_days", "") == _INSTANT,
            materials=tuple(_materials(get("materials", ""), _shows(get("pictures", "")))),
            lawful_receiver=_yes("lawful_receiver", cells),
            sensitive=_yes("sensitive", cells),
            sample=_yes("sample", cells),
            source=get("source", ""),
            keywords=tuple(_parts(get("keywords", ""))),
        )
    except _CellError:
        raise
    except ValueError as error:
        raise _CellError("route", "路径只能从村往县走，写成 village>township>county 这样。") from error


def _choice(choices: dict[str, ItemKind | None], column: str, value: str) -> ItemKind | None:
    if value not in choices:
        known = tuple(name for name in choices if name)
        raise _CellError(column, Sentence("不认识的类型，应是：{known}，或留空。", known=known))
    return choices[value]


def _yes(column: str, cells: dict[str, str]) -> bool:
    value = cells.get(column, "")
    if value not in _YES:
        raise _CellError(column, "只能填“是”或“否”，或留空。")
    return _YES[value]


def _route(value: str) -> tuple[Tier, ...]:
    return tuple(Tier(part.strip()) for part in value.split(">"))


def _limit(column: str, value: str) -> Limit | None:
    if value in {"", _INSTANT}:
        return None
    try:
        return Limit(int(value), DayUnit.WORKING)
    except ValueError as error:
        raise _CellError(column, "应是天数（工作日），例如 20，或填“即办”，或留空。") from error


def _shows(value: str) -> dict[str, Shows]:
    shows = {}
    for part in _parts(value):
        name, _, word = (piece.strip() for piece in part.partition("="))
        if word not in _SHOWS:
            raise _CellError("pictures", "写成 材料名=证件 或 材料名=照片，用分号隔开；别的材料不用写。")
        shows[name] = _SHOWS[word]
    return shows


def _materials(value: str, shows: dict[str, Shows]) -> Iterator[Material]:
    names = _parts(value)
    if not shows.keys() <= set(names):
        raise _CellError("pictures", "有的材料名在 materials 这一格里没有，两处要写得一样。")
    for number, name in enumerate(names, start=1):
        yield Material(f"m{number}", name, copies=0, shows=shows.get(name, Shows.PAGES))


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.replace("；", ";").split(";") if part.strip()]
