"""What the catalogue lists now: the newest published list, with the drafts that would change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from common.domain.chinese_text import date_text
from common.domain.sentence import Sentence
from common.store import items
from common.store.engine import Tx
from common.store.rows import ItemRow


@dataclass(frozen=True, slots=True)
class Listed:
    """The catalogue at the hub.

    Attributes:
        current: one row an item, in order of code: the draft where there is one, else what is listed.
        versions: the newest published list, version by code.
        version: its name; empty before the first.
        effective: from when it is in force.
    """

    current: tuple[ItemRow, ...]
    versions: Mapping[str, str]
    version: str
    effective: date | None

    def names(self, row: ItemRow) -> bool:
        """Whether the newest list names this version."""
        return self.versions.get(row.code) == row.version

    def state(self, row: ItemRow, today: date) -> Sentence:
        """Return what a version is, in words."""
        if row.state == "draft":
            return Sentence("草稿，还没发布")
        if not self.names(row):
            return Sentence("旧版本")
        if self.effective is not None and today < self.effective:
            return Sentence("{day}起用", day=date_text(self.effective))
        return Sentence("在用")


async def listed(tx: Tx) -> Listed:
    """Return the catalogue as it is."""
    newest = await items.newest_catalogue(tx)
    versions: dict[str, str] = dict(newest.content["items"]) if newest else {}
    current: dict[str, ItemRow] = {}
    for row in await items.versions(tx):
        if row.state == "draft" or (versions.get(row.code) == row.version and row.code not in current):
            current[row.code] = row
    return Listed(
        current=tuple(current[code] for code in sorted(current)),
        versions=versions,
        version=newest.version if newest else "",
        effective=date.fromisoformat(newest.content["effective"]) if newest else None,
    )


def fits(row: ItemRow, wanted: str) -> bool:
    """Whether name, code or department have the wanted words in them."""
    texts = (row.name, row.code, str(row.content.get("department", "")))
    return all(any(word in text for text in texts) for word in wanted.split())


def query(wanted: str) -> str:
    """Return the search as a query string for further pages."""
    return urlencode({"q": wanted}) if wanted else ""
