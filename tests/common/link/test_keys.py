"""Raw keys and OpenSSH's, the same key either way."""

import asyncssh
import pytest

from common.link.keys import private_key, public_key, public_text, raw_public

# RFC 8032 §7.1, test 1
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


def test_a_seed_gives_the_public_key_of_the_rfc():
    assert raw_public(private_key(SEED)) == PUBLIC
    assert raw_public(public_key(PUBLIC)) == PUBLIC


def test_openssh_text_holds_the_same_key():
    text = public_text(PUBLIC)
    assert text.startswith("ssh-ed25519 AAAA")
    assert "\n" not in text
    assert raw_public(asyncssh.import_public_key(text)) == PUBLIC


def test_a_key_of_another_kind_has_no_raw_form():
    assert raw_public(asyncssh.generate_private_key("ecdsa-sha2-nistp256")) is None


@pytest.mark.parametrize("length", [0, 31, 33, 64])
@pytest.mark.parametrize("convert", [private_key, public_key, public_text])
def test_a_key_of_the_wrong_length_is_refused(convert, length):
    with pytest.raises(ValueError, match="32 bytes"):
        convert(bytes(length))
