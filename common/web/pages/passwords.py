"""A new password typed twice, alike wherever one is chosen."""

from collections.abc import Iterator

from common.casework.accounts import SHORTEST_PASSWORD
from common.domain.findings import Finding
from common.domain.sentence import Sentence
from common.web.forms import Posted


def secret(form: Posted, field: str) -> str:
    """Return a password as typed: blanks belong to it."""
    return next((value for name, value in form.fields if name == field), "")


def password_findings(form: Posted) -> Iterator[Finding]:
    """Say what is wrong with ``password`` and ``again``."""
    password = secret(form, "password")
    if len(password) < SHORTEST_PASSWORD:
        yield Finding("password", Sentence("密码至少要{n}个字，请换一个长一点的。", n=SHORTEST_PASSWORD))
    elif password != secret(form, "again"):
        yield Finding("again", "两次输的密码不一样，请再输一遍。")
