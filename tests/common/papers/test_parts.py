"""Papers that would mislead cannot be built."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from common.papers.parts import ClockedTime, Party
from tests.common.papers.samples import ACCEPTANCE, GRANT, HEAD, MANDATE, NOTICE, RECEIPT, REFUSAL

NAIVE = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001  # the naive time is what is refused


@pytest.mark.parametrize("number", ["0417-26-00458-3", "041726004582", "", "0417"])
def test_a_number_that_finds_no_case_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="receipt number"):
        replace(HEAD, receipt_number=number)


@pytest.mark.parametrize("change", [{"item": " "}, {"issuer": ""}, {"applicant": Party("")}])
def test_a_paper_names_issuer_item_and_applicant(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="names its issuer"):
        replace(HEAD, **change)  # type: ignore[arg-type]


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        ClockedTime(NAIVE)
    with pytest.raises(ValueError, match="zone"):
        replace(RECEIPT, lawful_received=NAIVE)


def test_a_measured_offset_says_how_sure_it_is() -> None:
    with pytest.raises(ValueError, match="how sure"):
        ClockedTime(datetime(2026, 11, 23, tzinfo=UTC), offset_ms=1)


def test_insisting_needs_something_missing() -> None:
    with pytest.raises(ValueError, match="missing"):
        replace(RECEIPT, missing=())


def test_a_notice_that_tells_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="missing"):
        replace(NOTICE, missing=())


def test_acceptance_before_receipt_and_silence_on_another_day_are_refused() -> None:
    with pytest.raises(ValueError, match="receipt"):
        replace(ACCEPTANCE, accepted=date(2026, 11, 22))
    with pytest.raises(ValueError, match="silence"):
        replace(ACCEPTANCE, deemed=True)


@pytest.mark.parametrize("change", [{"reasons": ()}, {"remedies": ()}])
def test_a_refusal_without_reasons_or_remedies_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="reasons"):
        replace(REFUSAL, **change)  # type: ignore[arg-type]


def test_a_decision_before_its_acceptance_is_refused() -> None:
    with pytest.raises(ValueError, match="after the acceptance"):
        replace(GRANT, decided=date(2026, 11, 24))


def test_a_mandate_without_powers_or_end_is_refused() -> None:
    with pytest.raises(ValueError, match="what may be done"):
        replace(MANDATE, powers=())
    with pytest.raises(ValueError, match="ends after"):
        replace(MANDATE, valid_until=date(2026, 11, 22))
