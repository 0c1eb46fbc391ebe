"""Something did not go as wished."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A title, what happened with what to do, and a number that the log knows too."""

    template: ClassVar[str] = "error.html"

    title: str
    sentence: str
    number: str = ""
