"""The three messages of the log-in: canonical, bounded, and bound to one connection."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.errors import BadSignatureError
from common.crypto.signing import SigningKey, verify
from common.crypto.wire import FormatError
from common.domain.node import NodeId
from common.link.peer import Principal, Way
from common.link.websocket.limits import MAX_CERTIFICATE
from common.link.websocket.login import (
    LOGIN_CONTEXT,
    Greeting,
    Login,
    OtherVersionError,
    Verdict,
    decode_verdict,
    encode_verdict,
)

VILLAGE = Principal(NodeId("130638-0417"), 1)
SEED = b"\x05" * 32
MAX_LOGIN = 4_400
KEY = SigningKey.from_seed(b"\x06" * 32).public()
GREETING = Greeting(b"\x01" * 32, b"a certificate")
LOGIN = Login(Way.SESSION, VILLAGE, b"\x02" * 32, b"mine")

certificates = st.binary(max_size=MAX_CERTIFICATE)
nonces = st.binary(min_size=32, max_size=32)
logins = st.one_of(
    st.builds(Login, st.just(Way.ENROL), st.none(), nonces, certificates, st.binary(max_size=64)),
    st.builds(
        Login,
        st.sampled_from([Way.SESSION, Way.RENEW]),
        st.builds(Principal, st.just(VILLAGE.node), st.integers(1, 999_999)),
        nonces,
        certificates,
        st.binary(max_size=64),
    ),
)


@given(nonces, certificates)
def test_a_greeting_comes_back_as_it_was(nonce: bytes, certificate: bytes):
    said = Greeting(nonce, certificate).encode()
    assert len(said) <= MAX_LOGIN
    assert Greeting.decode(said) == Greeting(nonce, certificate)


@given(logins)
def test_a_login_comes_back_as_it_was(login: Login):
    assert len(login.encode()) <= MAX_LOGIN
    assert Login.decode(login.encode()) == login


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_comes_back_as_it_was(verdict: Verdict):
    assert decode_verdict(encode_verdict(verdict)) is verdict


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda data: b"JJW1" + data)))
def test_no_bytes_raise_anything_but_a_format_error(data: bytes):
    for decode in (Greeting.decode, Login.decode, decode_verdict):
        try:
            decode(data)
        except FormatError:
            continue


def test_another_version_is_told_from_nonsense():
    with pytest.raises(OtherVersionError):
        Greeting.decode(b"JJW2" + GREETING.encode()[4:])
    with pytest.raises(FormatError) as caught:
        Greeting.decode(LOGIN.encode())
    assert not isinstance(caught.value, OtherVersionError)


@pytest.mark.parametrize(
    "wrong",
    [
        Login(Way.ENROL, VILLAGE, bytes(32)),
        Login(Way.SESSION, None, bytes(32)),
        Login(Way.RENEW, None, bytes(32)),
    ],
    ids=["a-stranger-with-a-name", "a-session-of-nobody", "a-renewal-of-nobody"],
)
def test_a_name_that_does_not_go_with_its_way_is_refused(wrong: Login):
    with pytest.raises(FormatError, match="name"):
        Login.decode(wrong.encode())


def test_a_name_that_is_no_principal_is_refused():
    said = LOGIN.encode().replace(b"130638-0417.g1", b"130638-0417.g0")
    with pytest.raises(FormatError, match="name"):
        Login.decode(said)


def test_bytes_after_the_end_are_refused():
    for decode, said in (
        (Greeting.decode, GREETING.encode()),
        (Login.decode, LOGIN.encode()),
        (decode_verdict, encode_verdict(Verdict.FULL)),
    ):
        with pytest.raises(FormatError, match="after the end"):
            decode(said + b"\0")


def test_a_signature_fits_one_server_one_greeting_and_one_claim_alone():
    signed = LOGIN.signed(SEED, KEY, GREETING)
    mine = SigningKey.from_seed(SEED).public()
    verify(mine, LOGIN_CONTEXT, signed.transcript(KEY, GREETING), signed.signature)
    other_key = SigningKey.from_seed(b"\x07" * 32).public()
    elsewhere = [
        signed.transcript(other_key, GREETING),
        signed.transcript(KEY, Greeting(b"\x03" * 32, GREETING.certificate)),
        signed.transcript(KEY, Greeting(GREETING.nonce, b"another")),
        replace(LOGIN, way=Way.RENEW).transcript(KEY, GREETING),
        Login(Way.SESSION, Principal(VILLAGE.node, 2), LOGIN.nonce, LOGIN.certificate).transcript(
            KEY, GREETING
        ),
        replace(LOGIN, nonce=b"\x04" * 32).transcript(KEY, GREETING),
        replace(LOGIN, certificate=b"").transcript(KEY, GREETING),
    ]
    assert len({signed.transcript(KEY, GREETING), *elsewhere}) == len(elsewhere) + 1
    for transcript in elsewhere:
        with pytest.raises(BadSignatureError):
            verify(mine, LOGIN_CONTEXT, transcript, signed.signature)


def test_every_greeting_is_fresh():
    assert Greeting.fresh(None).nonce != Greeting.fresh(None).nonce
