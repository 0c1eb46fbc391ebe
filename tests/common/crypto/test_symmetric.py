import pytest

from common.crypto.errors import CannotOpenError
from common.crypto.symmetric import decrypt, derive, encrypt, random_bytes

KEY, NONCE = bytes(32), bytes(12)


def test_the_gcm_specification_case_14_is_reproduced() -> None:
    sealed = encrypt(KEY, NONCE, bytes(16), b"")
    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919"


def test_any_difference_keeps_it_shut() -> None:
    sealed = encrypt(KEY, NONCE, b"plain", b"aad")
    assert decrypt(KEY, NONCE, sealed, b"aad") == b"plain"
    for key, nonce, data, aad in [
        (b"\1" * 32, NONCE, sealed, b"aad"),
        (KEY, b"\1" * 12, sealed, b"aad"),
        (KEY, NONCE, sealed, b""),
        (KEY, NONCE, sealed[:-1], b"aad"),
        (KEY, NONCE, b"", b"aad"),
    ]:
        with pytest.raises(CannotOpenError):
            decrypt(key, nonce, data, aad)


@pytest.mark.parametrize(("key", "nonce"), [(bytes(16), NONCE), (KEY, bytes(11))])
def test_weaker_sizes_are_refused(key: bytes, nonce: bytes) -> None:
    with pytest.raises(ValueError, match="32"):
        encrypt(key, nonce, b"", b"")


def test_derived_keys_differ_by_purpose() -> None:
    assert derive(KEY, b"jiujin/a/1\0") != derive(KEY, b"jiujin/b/1\0")
    assert derive(KEY, b"jiujin/a/1\0", 16) == derive(KEY, b"jiujin/a/1\0")[:16]


def test_random_bytes_are_of_the_size_asked() -> None:
    assert len(random_bytes(10)) == 10
    assert random_bytes(16) != random_bytes(16)
