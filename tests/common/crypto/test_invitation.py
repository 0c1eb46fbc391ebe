import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.crypto.invitation import Invitation, InvitationCodeError, parse_code, secret_digest
from common.crypto.keyfile import new_recovery_code
from tests.common.crypto.county import ROOT


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=10, max_size=10))
def test_a_code_carries_fingerprint_and_secret(fingerprint: bytes, secret: bytes) -> None:
    invitation = Invitation(fingerprint, secret)
    assert parse_code(invitation.code()) == invitation
    assert len(invitation.code()) == 45 + 8


def test_two_invitations_have_different_secrets() -> None:
    first, second = Invitation.create(ROOT.fingerprint()), Invitation.create(ROOT.fingerprint())
    assert first.fingerprint == second.fingerprint == ROOT.fingerprint()
    assert first.secret_digest() != second.secret_digest()
    assert first.secret_digest() == secret_digest(first.secret)


def test_the_secret_does_not_show() -> None:
    invitation = Invitation(bytes(16), b"0123456789")
    assert "0123456789" not in repr(invitation)


@pytest.mark.parametrize(
    "typed", ["", "12345", new_recovery_code(), "0" * 45], ids=["empty", "short", "recovery", "zeros"]
)
def test_anything_else_is_refused_in_a_sentence_for_a_person(typed: str) -> None:
    with pytest.raises(InvitationCodeError) as caught:
        parse_code(typed)
    assert caught.value.sentence.startswith("邀请代码")
    assert typed not in str(caught.value) or not typed


@pytest.mark.parametrize(("fingerprint", "secret"), [(15, 10), (16, 9)])
def test_an_invitation_cannot_be_built_wrong(fingerprint: int, secret: int) -> None:
    with pytest.raises(ValueError, match="invitation"):
        Invitation(bytes(fingerprint), bytes(secret))
