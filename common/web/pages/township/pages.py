"""The pages of a township, to be added to its application."""

from common.web.pages.township import carried, stations
from common.web.routing import Page


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (*stations.pages(), *carried.pages())
