"""Where a node is dialled, as written by people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.link.address import Address, AddressError
from common.link.peer import Carrier


@pytest.mark.parametrize(
    ("text", "address", "written"),
    [
        ("192.168.1.10:2222", Address(Carrier.SSH, "192.168.1.10", 2222), None),
        ("[fd00::2]:22", Address(Carrier.SSH, "fd00::2", 22), None),
        ("hub.example.cn:2222", Address(Carrier.SSH, "hub.example.cn", 2222), None),
        (
            "wss://hub.example.cn",
            Address(Carrier.WEBSOCKET, "hub.example.cn", 443),
            "wss://hub.example.cn:443",
        ),
        (
            "wss://hub.example.cn/",
            Address(Carrier.WEBSOCKET, "hub.example.cn", 443),
            "wss://hub.example.cn:443",
        ),
        ("wss://10.1.2.3:8443", Address(Carrier.WEBSOCKET, "10.1.2.3", 8443), None),
        ("wss://[fd00::2]", Address(Carrier.WEBSOCKET, "fd00::2", 443), "wss://[fd00::2]:443"),
        ("wss://[fd00::2]:8443/", Address(Carrier.WEBSOCKET, "fd00::2", 8443), None),
    ],
)
def test_an_address_is_read_and_written(text: str, address: Address, written: str | None):
    assert Address.parse(text) == address
    assert str(address) == (written or text.removesuffix("/"))
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hub",
        ":22",
        "hub:",
        "hub:x",
        "hub:65536",
        "hub:²²",
        "fd00::2:22",
        "https://hub",
        "wss://",
        "wss://hub/elsewhere",
        "wss://wang@hub",
        "wss://hub?x",
        "a b:22",
    ],
)
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(AddressError):
        Address.parse(text)


@given(st.text(max_size=40))
def test_no_text_raises_anything_else(text: str):
    try:
        address = Address.parse(text)
    except AddressError:
        return
    assert Address.parse(str(address)) == address
