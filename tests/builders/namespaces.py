"""Local networks of this machine alone: namespaces on switches, for what a cable of two ends cannot show."""

import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from tests.network.namespaces import missing

MISSING = missing()
"""Why there can be no namespaces here; empty where there can."""


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextmanager
def namespaces(networks: Sequence[Mapping[str, str]]) -> Iterator[dict[str, list[str]]]:
    """Make namespaces, and give for each name the words that run a command in it.

    Args:
        networks: each a switch: names of namespaces, and the address (with /bits) each has there.
    """
    tail = secrets.token_hex(2)
    names = list(dict.fromkeys(name for network in networks for name in network))
    spaces = {name: f"jj-{tail}-{name}" for name in [*names, "switch"]}
    try:
        for space in spaces.values():
            _ip("netns", "add", space)
            _ip("-n", space, "link", "set", "lo", "up")
        for number, network in enumerate(networks):
            _join(spaces, f"br{number}", network, f"{tail}{number}")
        yield {name: ["ip", "netns", "exec", spaces[name]] for name in names}
    finally:
        for space in spaces.values():
            subprocess.run(["ip", "netns", "del", space], check=False, capture_output=True)


def _join(spaces: Mapping[str, str], bridge: str, network: Mapping[str, str], tail: str) -> None:
    switch = spaces["switch"]
    _ip("-n", switch, "link", "add", bridge, "type", "bridge", "mcast_snooping", "0")
    _ip("-n", switch, "link", "set", bridge, "up")
    for number, (name, address) in enumerate(network.items()):
        inner, outer = f"v{tail}{number}a", f"v{tail}{number}b"
        _ip(
            "link",
            "add",
            inner,
            "netns",
            spaces[name],
            "type",
            "veth",
            "peer",
            "name",
            outer,
            "netns",
            switch,
        )
        _ip("-n", switch, "link", "set", outer, "master", bridge, "up")
        _ip("-n", spaces[name], "address", "add", address, "dev", inner)
        _ip("-n", spaces[name], "link", "set", inner, "up")
