"""The pictures of one material of a case: the reason first, then every page in order."""

from dataclasses import dataclass
from typing import ClassVar

from common.web.views.form import EMPTY, Choice, Form


@dataclass(frozen=True, slots=True)
class PageShown:
    """One page.

    Attributes:
        path: where its bytes are.
        here: whether it has arrived; else it is on its way.
        picture: whether a browser shows it inside a page.
    """

    path: str
    here: bool
    picture: bool


@dataclass(frozen=True, slots=True)
class PicturesView:
    """The pages of a material; ``reasons`` are asked for while there are any, and no page is shown yet."""

    template: ClassVar[str] = "staff/pictures.html"

    path: str
    case: str
    number: str
    item: str
    material: str
    pages: tuple[PageShown, ...] = ()
    reasons: tuple[Choice, ...] = ()
    form: Form = EMPTY
