"""A case that was archived at the hub: what stays of it here, and whom to ask."""

from common.casework.errors import ArchivedError
from common.domain.chinese_text import date_text
from common.domain.course import STATE_NAMES
from common.domain.node import NodeId
from common.domain.receipt_number import grouped
from common.domain.sentence import Sentence
from common.domain.whereabouts import result_words
from common.web.office import Office
from common.web.views.casework import ArchivedView


def archived_view(office: Office, error: ArchivedError) -> ArchivedView:
    """Return the page.

    Raises:
        ValueError: the case is whole here.
    """
    case, summary = error.case, error.case.summary
    if summary is None:
        message = "the case has no summary"
        raise ValueError(message)
    rows = (
        ("申请人", summary.applicant),
        ("结果", Sentence(result_words(case))),
        ("收件", office.node_name(summary.intake)),
        ("收件日期", date_text(summary.received_on)),
        ("受理日期", date_text(case.accepted_on) if case.accepted_on else ""),
        ("办结日期", date_text(case.closed_on) if case.closed_on else ""),
    )
    return ArchivedView(
        number=grouped(summary.number),
        item=summary.title,
        state=STATE_NAMES[case.state],
        facts=tuple((word, text) for word, text in rows if text),
        whom=office.node_name(str(NodeId(summary.intake).hub())),
        notices=("归档以后又有新的记录到了，结果以上面写的为准。",) if case.steps else (),
    )
