"""A real network on one machine: a namespace a node, two interfaces a link, with rates, loss and cuts."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from uuid import uuid4

_LIMIT_SECONDS = 30


def missing() -> str:
    """Return why no namespaces can be made here; empty where they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "network namespaces need ip (iproute2)"
    name = f"jiujin-{uuid4().hex[:6]}"
    try:
        _ip("netns", "add", name)
        _ip("link", "add", name[-6:], "type", "veth", "peer", "name", "probe", "netns", name)
    except subprocess.CalledProcessError:
        return "this machine lets nobody make network namespaces and veth pairs"
    finally:
        with suppress(subprocess.CalledProcessError):
            _ip("netns", "del", name)
    return ""


@dataclass(frozen=True)
class Link:
    """Two ends of one cable.

    Attributes:
        lower: namespace of the node that dials; ``upper`` of the one it dials.
        address: of the upper end, as the lower one dials it.
    """

    lower: str
    upper: str
    name: str
    address: str

    def cut(self) -> None:
        """Pull the cable."""
        _ip("-n", self.lower, "link", "set", self.name, "down")

    def mend(self) -> None:
        """Put it back."""
        _ip("-n", self.lower, "link", "set", self.name, "up")

    def slow_down(self, rate: str) -> bool:
        """Let no more than ``rate`` (as tc writes it) through, both ways; False where the kernel cannot."""
        bucket = ("root", "tbf", "rate", rate, "burst", "32kbit", "latency", "400ms")
        return all(_tried("tc", "-n", end, "qdisc", "add", "dev", self.name, *bucket) for end in self._ends)

    def lose(self, share: float) -> bool:
        """Lose that share of the packets, both ways; False where the machine has no way to."""
        match = ("-m", "statistic", "--mode", "random", "--probability", str(share), "-j", "DROP")
        return all(
            _tried("ip", "netns", "exec", end, "iptables", "-A", "INPUT", "-i", self.name, *match)
            for end in self._ends
        )

    @property
    def _ends(self) -> tuple[str, str]:
        return self.lower, self.upper


@dataclass
class Network:
    """Namespaces and the links between them."""

    mark: str = field(default_factory=lambda: f"jj{uuid4().hex[:4]}")
    links: list[Link] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)

    def place(self, node: str) -> str:
        """Make a node's namespace and return its name."""
        name = f"{self.mark}-{node}"
        _ip("netns", "add", name)
        self._names.append(name)
        _ip("-n", name, "link", "set", "lo", "up")
        return name

    def join(self, lower: str, upper: str) -> Link:
        """Lay a cable between two namespaces."""
        number = len(self.links) + 1
        name = f"{self.mark}{number}"
        link = Link(lower, upper, name, f"10.77.{number}.1")
        _ip("-n", lower, "link", "add", name, "type", "veth", "peer", "name", name, "netns", upper)
        for end, address in ((upper, link.address), (lower, f"10.77.{number}.2")):
            _ip("-n", end, "address", "add", f"{address}/24", "dev", name)
            _ip("-n", end, "link", "set", name, "up")
        self.links.append(link)
        return link

    def remove(self) -> None:
        """Remove every namespace, and the links with them."""
        for name in self._names:
            _ip("netns", "del", name)


@contextmanager
def network() -> Iterator[Network]:
    """Give a network that is gone afterwards, whatever happens."""
    built = Network()
    try:
        yield built
    finally:
        built.remove()


def _ip(*words: str) -> None:
    _run("ip", *words)


def _tried(*words: str) -> bool:
    try:
        _run(*words)
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False
    return True


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=_LIMIT_SECONDS)
