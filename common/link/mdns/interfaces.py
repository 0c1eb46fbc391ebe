"""The interfaces an operator names, as addresses to speak from; never all of them (docs/spec/mdns.md §2)."""

import ipaddress
from collections.abc import Sequence

import ifaddr


def addresses_of(named: Sequence[str]) -> tuple[str, ...]:
    """Return the IPv4 addresses this machine has now of those that are named.

    Args:
        named: IPv4 addresses, or devices such as ``eth0``, of which every IPv4 address is meant. What this
            machine does not have now is left out.
    """
    mine = [(adapter, str(ip.ip)) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return tuple(
        dict.fromkeys(address for one in named for adapter, address in mine if one in {adapter.name, address})
    )


def is_interface(text: str) -> bool:
    """Whether a setting names one interface: an IPv4 address that is one machine's, or a device."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return 0 < len(text) < 16 and text.isascii() and not set(text) & set(" /:*")  # noqa: PLR2004 - IFNAMSIZ
    return not (address.is_unspecified or address.is_multicast)
