"""The pages of the hub, to be added to its application."""

from common.web.pages.hub import calendar, catalogue, erasing, nodes, revoking, upload
from common.web.pages.hub.grants import Granting
from common.web.pages.hub.inviting import Inviting
from common.web.routing import Page


def pages() -> tuple[Page, ...]:
    """Return the pages to add."""
    return (
        *nodes.pages(),
        *Inviting().pages(),
        *revoking.pages(),
        *catalogue.pages(),
        *upload.pages(),
        *Granting().pages(),
        *calendar.pages(),
        *erasing.pages(),
    )
