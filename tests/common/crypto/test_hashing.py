import hashlib

import pytest

from common.crypto.hashing import digest, same


def test_a_digest_is_sha256_of_context_and_parts() -> None:
    assert digest(b"jiujin/test/1\0", b"a", b"b") == hashlib.sha256(b"jiujin/test/1\0ab").digest()


@pytest.mark.parametrize("context", [b"", b"no end", b"two\0ends\0"])
def test_a_context_cannot_run_into_its_message(context: bytes) -> None:
    with pytest.raises(ValueError, match="zero byte"):
        digest(context, b"")


def test_same_compares_whole_values() -> None:
    assert same(b"abc", b"abc")
    assert not same(b"abc", b"abd")
    assert not same(b"abc", b"ab")
