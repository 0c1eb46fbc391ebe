"""What people type becomes plain."""

from common.domain.spoken_error import SpokenError
from common.domain.typed_text import all_digits, plain


def test_full_width_blanks_and_every_dash_become_plain():
    assert plain("　１２３ x\u200b－4–5—6−7\t") == "123X-4-5-6-7"


def test_digits_of_other_scripts_are_not_digits():
    assert all_digits("0123456789")
    assert not all_digits("")
    assert not all_digits("٣٤")
    assert not all_digits("12a")


def test_an_error_keeps_both_voices():
    error = SpokenError("line for the log", "给人看的一句话")
    assert str(error) == "line for the log"
    assert error.sentence == "给人看的一句话"
