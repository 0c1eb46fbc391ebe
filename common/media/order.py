"""How the pages of a file are wanted: large enough to be read, marked where it proves who somebody is."""

from dataclasses import dataclass

from common.domain.item import Item, Material, Shows

_LONGEST = {Shows.PAGES: 2000, Shows.IDENTITY: 1600, Shows.PHOTOGRAPH: 1280}
"""Pixels of the longer side: A4 at 170 dots an inch, a card at 400, a face or a house."""
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Order:
    """How pages are wanted.

    Attributes:
        longest: pixels of the longer side, 1 to 4,000; smaller pictures are not blown up.
        watermark: words over the whole page; empty for none.
    """

    longest: int
    watermark: str = ""

    def __post_init__(self) -> None:
        """Refuse an order no worker could keep its limits with.

        Raises:
            ValueError: the side is out of range.
        """
        if not 1 <= self.longest <= 4000:  # noqa: PLR2004 - said in the docstring
            message = "the longer side is 1 to 4,000 pixels"
            raise ValueError(message)


def order_for(item: Item, material: Material) -> Order:
    """Return how pages of a material are wanted; a proof of identity is for this item and nothing else."""
    if material.shows is not Shows.IDENTITY:
        return Order(_LONGEST[material.shows])
    name = item.name if len(item.name) <= _LONGEST_NAME else f"{item.name[:_LONGEST_NAME]}…"
    return Order(_LONGEST[Shows.IDENTITY], f"仅供办理{name}使用")
