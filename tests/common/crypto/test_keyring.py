from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.crypto.errors import BadKeyError, BadSignatureError
from common.crypto.keyring import AuthorityKeys, LockedKeys, NodeKeys, OpenKeys
from common.crypto.public_keys import PublicKeys, check_possession
from common.crypto.sealing import SealingKey
from common.crypto.wire import FormatError, Reader, Writer
from tests.common.crypto.county import AUTHORITY, VILLAGE_KEYS
from tests.common.crypto.mangling import any_bytes

OPENED, LOCKED = VILLAGE_KEYS.split()
PUBLIC = VILLAGE_KEYS.public()


def changed(**keys: bytes) -> PublicKeys:
    fields = {name: getattr(PUBLIC, name) for name in ("signing", "sealing", "transport", "receipt")}
    return PublicKeys(**(fields | keys))


def test_the_two_parts_make_the_node_again() -> None:
    opened = OpenKeys.from_bytes(OPENED.to_bytes())
    locked = LockedKeys.from_bytes(LOCKED.to_bytes())
    assert NodeKeys.joined(opened, locked).public() == PUBLIC


def test_the_open_part_holds_nothing_of_the_locked_part() -> None:
    data = OPENED.to_bytes()
    assert LOCKED.signing.seed() not in data
    assert not any(seed in data for seed in LOCKED.sealing.seeds())


def test_no_private_key_shows_in_a_repr() -> None:
    for keys in (VILLAGE_KEYS, OPENED, LOCKED, AUTHORITY):
        assert "Key" not in repr(keys).replace("Keys", "")
    assert VILLAGE_KEYS.signing.seed().hex() not in repr(VILLAGE_KEYS.signing)


def test_a_retired_key_still_opens() -> None:
    retired = SealingKey.generate()
    keys = LockedKeys.from_bytes(LockedKeys(LOCKED.signing, LOCKED.sealing, (retired,)).to_bytes())
    keyring = keys.keyring()
    assert keyring[retired.key_id()].public() == retired.public()
    assert keyring[LOCKED.sealing.key_id()] is keys.sealing
    assert len(keyring) == 2


def test_the_authority_comes_back_from_its_bytes() -> None:
    again = AuthorityKeys.from_bytes(AUTHORITY.to_bytes())
    assert again.authority.public() == AUTHORITY.authority.public()
    assert again.ssh_authority.public() == AUTHORITY.ssh_authority.public()


@pytest.mark.parametrize(
    ("read", "valid"),
    [
        (OpenKeys.from_bytes, OPENED.to_bytes()),
        (LockedKeys.from_bytes, LOCKED.to_bytes()),
        (AuthorityKeys.from_bytes, AUTHORITY.to_bytes()),
    ],
    ids=["open", "locked", "authority"],
)
@given(data=st.data())
@settings(max_examples=25)
def test_no_key_bytes_raise_anything_but_format_error(
    read: Callable[[bytes], object], valid: bytes, data: st.DataObject
) -> None:
    try:
        read(data.draw(any_bytes(valid)))
    except FormatError:
        return


def test_one_part_is_not_taken_for_another() -> None:
    with pytest.raises(FormatError):
        LockedKeys.from_bytes(OPENED.to_bytes())


def test_a_key_has_one_role_only() -> None:
    with pytest.raises(ValueError, match="own"):
        changed(transport=PUBLIC.signing)
    data = Writer().raw(PUBLIC.signing + PUBLIC.sealing + PUBLIC.signing + PUBLIC.receipt).done()
    with pytest.raises(FormatError):
        PublicKeys.read(Reader(data))


@pytest.mark.parametrize(("role", "size"), [("signing", 31), ("sealing", 1215), ("receipt", 33)])
def test_a_key_of_another_length_is_refused(role: str, size: int) -> None:
    with pytest.raises(ValueError, match="bytes"):
        changed(**{role: bytes(size)})


def test_a_key_nobody_can_use_is_refused() -> None:
    PUBLIC.check()
    for bad in (changed(receipt=bytes(32)), changed(sealing=b"\xff" * 1216)):
        with pytest.raises(BadKeyError):
            bad.check()


def test_a_digest_of_keys_changes_with_every_key() -> None:
    other = NodeKeys.generate().public()
    variants = [
        PUBLIC,
        *(changed(**{role: getattr(other, role)}) for role in ("signing", "sealing", "receipt")),
    ]
    assert len({keys.digest() for keys in variants}) == len(variants)


@pytest.mark.parametrize("role", ["signing", "transport", "receipt"])
def test_every_signing_key_must_be_held_by_who_claims_it(role: str) -> None:
    transcript = bytes(32)
    proofs = VILLAGE_KEYS.prove(transcript)
    check_possession(PUBLIC, transcript, proofs)
    stolen = changed(**{role: getattr(NodeKeys.generate().public(), role)})
    with pytest.raises(BadSignatureError):
        check_possession(stolen, transcript, proofs)
