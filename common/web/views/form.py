"""What a form shows again: what was typed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from common.domain.findings import Finding
from common.domain.sentence import Sentence, together


@dataclass(frozen=True, slots=True)
class Form:
    """Values by field name, and findings that stand by their field and in a list at the top."""

    values: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def value(self, name: str) -> str:
        """Return what was typed in a field."""
        return self.values.get(name, "")

    def error(self, name: str) -> Sentence:
        """Return what is wrong with a field, empty where nothing is."""
        return together(finding.sentence for finding in self.findings if finding.field == name)


EMPTY = Form()


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list."""

    value: str
    word: str


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a long list stands; pages count from 1.

    Attributes:
        query: the search and filters as a query string without the page, ``q=…&state=…``.
    """

    number: int = 1
    pages: int = 1
    total: int = 0
    query: str = ""

    def link(self, number: int) -> str:
        """Return the query string of another page."""
        return f"?{self.query}{'&' if self.query else ''}page={number}"


ONE_PAGE = Paging()
