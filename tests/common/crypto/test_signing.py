import pytest

from common.crypto.errors import BadKeyError, BadSignatureError
from common.crypto.signing import SigningKey, check_public, key_id, verify

CONTEXT = b"jiujin/test/1\0"
P = 2**255 - 19


def test_a_key_comes_back_from_its_seed() -> None:
    key = SigningKey.generate()
    assert SigningKey.from_seed(key.seed()).public() == key.public()
    assert len(key_id(key.public())) == 8


def test_the_rfc_8032_vector_gives_its_public_key() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert SigningKey.from_seed(seed).public().hex() == public


def test_a_signature_holds_for_its_key_context_and_message_only() -> None:
    key = SigningKey.generate()
    signature = key.sign(CONTEXT, b"message")
    verify(key.public(), CONTEXT, b"message", signature)
    for public, context, message, presented in [
        (SigningKey.generate().public(), CONTEXT, b"message", signature),
        (key.public(), b"jiujin/other/1\0", b"message", signature),
        (key.public(), CONTEXT, b"massage", signature),
        (key.public(), CONTEXT, b"message", signature[:-1]),
        (key.public()[:-1], CONTEXT, b"message", signature),
        (b"\xff" * 31 + b"\x7f", CONTEXT, b"message", signature),
    ]:
        with pytest.raises(BadSignatureError):
            verify(public, context, message, presented)


def test_a_key_of_small_order_signs_for_nobody() -> None:
    identity = (1).to_bytes(32, "little")
    with pytest.raises(BadSignatureError):  # this signature fits every message under plain RFC 8032
        verify(identity, CONTEXT, b"anything", identity + bytes(32))


@pytest.mark.parametrize("y", [0, 1, P - 1, P, P + 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_points_of_order_one_two_and_four_are_refused(y: int, sign: int) -> None:
    with pytest.raises(BadKeyError):
        check_public((y | sign << 255).to_bytes(32, "little"))


@pytest.mark.parametrize(
    "text",
    [
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ],
)
def test_points_of_order_eight_are_refused(text: str) -> None:
    public = bytes.fromhex(text)
    assert _times_four_has_order_two(int.from_bytes(public, "little"))
    with pytest.raises(BadKeyError):
        check_public(public)


def _times_four_has_order_two(y: int) -> bool:
    """Double twice by y alone: y = (y²+x²)/(2-y²+x²), x² = (y²-1)/(dy²+1); order 2 is y = -1."""
    d = -121665 * pow(121666, -1, P) % P
    for _ in range(2):
        x2 = (y * y - 1) * pow(d * y * y + 1, -1, P) % P
        y = (y * y + x2) * pow(2 - y * y + x2, -1, P) % P
    return y == P - 1
