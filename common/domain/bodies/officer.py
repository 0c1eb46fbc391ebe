"""Who acted, as an entry says it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Officer:
    """The login on the writing node, the name shown, the post, and the grant used."""

    login: str
    name: str = ""
    post: str = ""
    grant: str = ""

    @property
    def shown(self) -> str:
        """What pages and papers show."""
        return self.name or self.login
