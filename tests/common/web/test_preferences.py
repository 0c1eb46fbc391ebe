"""Paths a link may lead back to."""

from hypothesis import given
from hypothesis import strategies as st

from common.web.preferences import local_path


@given(st.text())
def test_a_way_back_never_leaves_this_site(text):
    path = local_path(text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert "\n" not in path
