import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from common.crypto.errors import BadKeyError, CannotOpenError
from common.crypto.sealing import (
    OVERHEAD_BYTES,
    PUBLIC_BYTES,
    WRAPPED_BYTES,
    SealingKey,
    check_public,
    key_id,
    open_from,
    seal_to,
    wrap,
)
from tests.common.crypto.mangling import any_bytes
from tests.common.crypto.second_hpke import Schedule, decapsulate, expand_seed

KEY = SealingKey.generate()
INFO = b"jiujin/test/1\0"
SEALED = seal_to(KEY.public(), b"a letter", INFO)
HYBRID, X25519 = 0x647A, 0x0020
VECTOR = {
    name: value if name == "source" else bytes.fromhex(value)
    for name, value in json.loads(
        (Path(__file__).parent / "vectors" / "mlkem768_x25519.json").read_text(encoding="utf-8")
    ).items()
}


def test_a_secret_wrapped_to_a_reader_is_unwrapped_by_that_reader_only() -> None:
    secret = bytes(range(32))
    wrapped = wrap(KEY.public(), secret, INFO)
    assert len(wrapped) == WRAPPED_BYTES
    assert KEY.unwrap(wrapped, INFO) == secret
    with pytest.raises(CannotOpenError):
        SealingKey.generate().unwrap(wrapped, INFO)
    with pytest.raises(CannotOpenError):
        KEY.unwrap(wrapped, INFO + b"other")


def test_only_secrets_of_32_bytes_are_wrapped() -> None:
    with pytest.raises(ValueError, match="32"):
        wrap(KEY.public(), bytes(31), INFO)
    with pytest.raises(CannotOpenError):
        KEY.unwrap(seal_to(KEY.public(), bytes(31), INFO), INFO)


def test_the_same_secret_is_never_wrapped_the_same_way_twice() -> None:
    assert wrap(KEY.public(), bytes(32), INFO) != wrap(KEY.public(), bytes(32), INFO)


def test_a_key_comes_back_from_its_seeds() -> None:
    again = SealingKey.from_seeds(*KEY.seeds())
    assert again.public() == KEY.public()
    assert again.key_id() == key_id(KEY.public())
    assert open_from(again, SEALED, INFO) == b"a letter"
    assert len(SEALED) == len(b"a letter") + OVERHEAD_BYTES


@given(any_bytes(SEALED))
@settings(max_examples=60)
def test_no_bytes_open_unless_they_were_sealed(data: bytes) -> None:
    try:
        assert open_from(KEY, data, INFO) == b"a letter"
    except CannotOpenError:
        assert data != SEALED


@given(st.binary(max_size=64) | st.binary(min_size=PUBLIC_BYTES, max_size=PUBLIC_BYTES))
@settings(max_examples=40)
def test_no_bytes_as_a_key_raise_anything_but_bad_key(public: bytes) -> None:
    try:
        check_public(public)
    except BadKeyError:
        return
    assert len(public) == PUBLIC_BYTES


def test_an_x25519_point_of_small_order_is_refused() -> None:
    with pytest.raises(BadKeyError):
        check_public(KEY.public()[:-32] + bytes(32))


def test_the_second_implementation_agrees_with_rfc_9180_appendix_a_1_1() -> None:
    shared = bytes.fromhex("fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc")
    key, nonce = Schedule(X25519, 1, 16).key_and_nonce(shared, b"Ode on a Grecian Urn")
    assert key.hex() == "4531685d41d65f03dc48f6b8302c05b0"
    assert nonce.hex() == "56d890e5accaaf011cff4b7d"


def test_the_second_implementation_agrees_with_the_hpke_pq_draft() -> None:
    seeds = expand_seed(VECTOR["private_seed"])
    assert decapsulate(seeds, VECTOR["enc"]) == VECTOR["shared_secret"]
    key, nonce = Schedule(HYBRID, 3, 32).key_and_nonce(VECTOR["shared_secret"], VECTOR["info"])
    assert (key, nonce) == (VECTOR["key"], VECTOR["base_nonce"])
    assert ChaCha20Poly1305(key).decrypt(nonce, VECTOR["ct"], VECTOR["aad"]) == VECTOR["pt"]


def test_our_keys_are_the_drafts_keys() -> None:
    public = SealingKey.from_seeds(*expand_seed(VECTOR["private_seed"])).public()
    assert public.startswith(VECTOR["public_begins"])
    assert public.endswith(VECTOR["public_ends"])


def test_our_seal_opens_a_known_answer_made_from_the_drafts_shared_secret() -> None:
    key, nonce = Schedule(HYBRID, 2, 32).key_and_nonce(VECTOR["shared_secret"], INFO)
    sealed = VECTOR["enc"] + AESGCM(key).encrypt(nonce, b"known answer", b"")
    ours = SealingKey.from_seeds(*expand_seed(VECTOR["private_seed"]))
    assert open_from(ours, sealed, INFO) == b"known answer"


def test_what_we_seal_opens_in_the_second_implementation() -> None:
    enc, box = SEALED[: OVERHEAD_BYTES - 16], SEALED[OVERHEAD_BYTES - 16 :]
    key, nonce = Schedule(HYBRID, 2, 32).key_and_nonce(decapsulate(KEY.seeds(), enc), INFO)
    assert AESGCM(key).decrypt(nonce, box, b"") == b"a letter"
