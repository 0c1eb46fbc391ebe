"""The ``case`` commands of a tier, for a person who signs in: the same use cases as the pages."""

import click

from common.program.commands.case_deeds import (
    accept_case,
    decide_case,
    deliver_case,
    issue_case,
    notice_case,
    review_case,
)
from common.program.commands.case_reading import list_cases, show_case
from common.program.commands.case_receiving import receive_file, schema
from common.program.commands.custody import adopt_aside, reverse_aside
from common.program.commands.keeping import erase_case, list_erased
from common.program.commands.papers import save_paper


def case_group(*, takes_in: bool) -> click.Group:
    """Return the ``case`` commands of a tier; stations and townships take applications in."""
    group = click.Group("case", help="办件。每个命令都要账号和密码，和网页上权限相同。")
    for command in (
        list_cases,
        show_case,
        save_paper,
        accept_case,
        notice_case,
        review_case,
        decide_case,
        issue_case,
        adopt_aside,
        reverse_aside,
    ):
        group.add_command(command)
    for command in (receive_file, deliver_case, schema) if takes_in else (erase_case, list_erased):
        group.add_command(command)
    return group
