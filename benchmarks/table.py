"""Results as a table that stands in README.md as it was printed."""

from dataclasses import dataclass, field


@dataclass
class Table:
    """A title, a head and rows of text."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def row(self, *cells: str) -> None:
        """Add a row."""
        self.rows.append(cells)

    def __str__(self) -> str:
        """Return it in Markdown."""
        lines = [
            self.head,
            tuple("---" if not place else "--:" for place in range(len(self.head))),
            *self.rows,
        ]
        return "\n".join([f"**{self.title}**", "", *("| " + " | ".join(line) + " |" for line in lines)])
