"""The pages of access, to be added to a node's application."""

from common.web.access_office import AccessOffice
from common.web.context import WebContext
from common.web.pages.access import accounts, line, stick
from common.web.pages.access.unlocking import Unlocking
from common.web.routing import Page
from common.web.signing_in import SignIn


def pages(context: WebContext, office: AccessOffice, home: str = "/desk") -> tuple[Page, ...]:
    """Return the pages; ``home`` is where a person goes after signing in."""
    signing = SignIn(context, office.sign_in, office.locked, home)
    return (*signing.pages(), *Unlocking(context).pages(), *accounts.pages(), *line.pages(), *stick.pages())
