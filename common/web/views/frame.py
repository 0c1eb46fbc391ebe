"""What stands around every page: the node's name, its places, the line, who is signed in."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Protocol

from common.domain.chinese_text import date_text
from common.domain.grants import ROLE_NAMES, ROLE_POWERS, Actor, Power
from common.domain.node import Tier
from common.domain.sentence import Sentence

MOST_PLACES = 5


class View(Protocol):
    """A page's content, which knows its template."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the rail.

    Attributes:
        icon: a name that ``_parts.html`` draws.
        power: who sees it; None for everybody signed in.
    """

    path: str
    word: str
    icon: str
    power: Power | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The node as its pages name it.

    Attributes:
        node: the node's number, four digits.
        name: the station, township or county office.
        public: whether villagers use it (kiosk or phone) without an account.
        sample: the catalogue is made of sample rows, and every page says so.
    """

    node: str
    tier: Tier
    name: str
    county: str
    places: tuple[Place, ...] = ()
    public: bool = False
    sample: bool = False

    def __post_init__(self) -> None:
        """Refuse a rail nobody can take in at a glance.

        Raises:
            ValueError: one of the roles would see more than five places.
        """
        for role, powers in ROLE_POWERS.items():
            if len(shown_to(self.places, powers)) > MOST_PLACES:
                message = f"the rail of a {role} has more than {MOST_PLACES} places"
                raise ValueError(message)


def shown_to(places: tuple[Place, ...], powers: frozenset[Power]) -> tuple[Place, ...]:
    """Return the places somebody with these powers may open."""
    return tuple(place for place in places if place.power is None or place.power in powers)


@dataclass(frozen=True, slots=True)
class LineView:
    """How the line stands.

    Attributes:
        up: the last contact succeeded.
        to: where the line leads, 县里 or 乡镇.
        synced_at: the last contact; None before the first.
        waiting: cases taken in that have not left yet.
        stale_since: the hub's newest signed time, where it is older than it should be.
        ended: when the node's own certificate ended; None while it is good, and while the line is up.
        why: why the last contact failed, where it is known.
        retry: where to post 现在重试; empty where there is nothing above.
        export: where 导出到U盘 leads; empty where there is no such way.
    """

    up: bool
    to: str
    synced_at: datetime | None
    waiting: int = 0
    stale_since: datetime | None = None
    ended: date | None = None
    why: str = ""
    retry: str = ""
    export: str = ""

    @property
    def down(self) -> Sentence:
        """What is said while the last contact failed.

        The box of whoever reads the bar is unlocked, and an unlocked box renews as soon as it can.
        """
        if self.ended is not None:
            return Sentence("本机的证书{day}到期了，线路一通就自动续期", day=date_text(self.ended))
        return Sentence("县里线路断了" if self.to == "县里" else "乡镇线路断了")


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around the page, made anew for each request."""

    site: Site
    language: str
    large: bool
    path: str
    token: str
    actor: Actor | None
    line: LineView | None
    today: date

    @property
    def places(self) -> tuple[Place, ...]:
        """The places this person may open."""
        return shown_to(self.site.places, self.actor.powers) if self.actor else ()

    @property
    def here(self) -> str:
        """The path of the place this page belongs to; the home, which begins every path, only to itself."""
        paths = [place.path for place in self.places]
        if self.path in paths:
            return self.path
        home = min(paths, key=len, default="")
        return next((path for path in paths if path != home and self.path.startswith(f"{path}/")), "")

    @property
    def role_names(self) -> tuple[str, ...]:
        """The signed-in person's roles in words."""
        return tuple(ROLE_NAMES[role] for role in sorted(self.actor.roles)) if self.actor else ()
