"""``verify``: is everything whole, what can this node prove, what does an evidence file prove."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from common.crypto.errors import CryptoError
from common.crypto.root import fingerprint, spoken
from common.crypto.wire import FormatError
from common.exchange import evidence
from common.exchange.evidence import Against
from common.exchange.exchange import Exchange
from common.exchange.verifying import verify_node
from common.program.commands import evidence_values as values
from common.program.commands import evidence_words as words
from common.program.commands.evidence_files import EvidenceError, given_checkpoint, given_evidence
from common.program.commands.shared import answer, json_option, opened, run, signed_in
from common.store.files import write_durably

_WRONG = 1
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be looked at: a checkpoint to compare with, and a file for the evidence."""

    against: str | None
    out: Path | None


@click.command("verify", help="核对本机的每一条日志、每一个包裹；不改动任何东西。")
@click.option(
    "--data",
    "path",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="JIUJIN_DATA",
    help="节点的数据目录；只核对证据文件时不用写。",
)
@click.option("--as", "login", default=None, help="用谁的密码解锁；不写：只核对不加密的部分。")
@click.option(
    "--against",
    "checkpoint",
    default=None,
    help="对照县里签名的检查点：newest（本机最新的一个）、文件，或十六进制。证明本站交了什么。",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把对照的证据另存成文件（JSON），给第三人核对；里面没有办件内容。",
)
@click.option(
    "--evidence",
    "file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="核对别人给的证据文件，不用数据目录。",
)
@click.option("--root", default=None, help="县根指纹；和证据文件里的比较。")
@json_option
@click.pass_context
def verify(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    path: Path | None,
    login: str | None,
    checkpoint: str | None,
    out: Path | None,
    file: Path | None,
    root: str | None,
    *,
    as_json: bool,
) -> None:
    """Verify what is kept here, or an evidence file.

    Raises:
        UsageError: neither a directory nor an evidence file is named.
    """
    if file is not None:
        whole, value, lines = _check_file(file, root)
    elif path is None:
        raise click.UsageError("请写 --data 数据目录，或 --evidence 证据文件。")
    else:
        asked = _Asked(checkpoint or (NEWEST if out else None), out)
        whole, value, lines = run(_verify(context, path, login, asked))
    answer(value, "\n".join(lines), as_json=as_json)
    if not whole:
        context.exit(_WRONG)


async def _verify(
    context: click.Context, path: Path, login: str | None, asked: _Asked
) -> tuple[bool, dict[str, Any], list[str]]:
    async with opened(context, path) as house:
        _, exchange = house.enrolled()
        if login is not None:
            await signed_in(house, login)
        found, network = await verify_node(exchange), exchange.network
        value, lines = values.verified(found, network), words.verified_words(found, network)
        if asked.against is None:
            return found.whole, value, lines
        compared = await _compared(exchange, asked.against)
        value["against"] = values.against(compared)
        lines += words.against_words(compared, network)
        if asked.out is not None:
            kept = await evidence.evidence_of(exchange, compared)
            write_durably(asked.out.absolute(), kept.to_json().encode())
            lines.append(f"证据已存到 {asked.out}，请第三人用 verify --evidence 核对。")
        return found.whole and not compared.accuses, value, lines


async def _compared(exchange: Exchange, given: str) -> Against:
    """Compare with a checkpoint the hub signed.

    Raises:
        EvidenceError: none is known, or what was given is none.
    """
    data = await evidence.newest(exchange) if given == NEWEST else given_checkpoint(given)
    if data is None:
        raise EvidenceError("no checkpoint yet", "本机还没有县里签名的检查点，请先和上级交换一次。")
    try:
        return await evidence.against(exchange, data)
    except (FormatError, CryptoError) as error:
        raise EvidenceError(
            f"not a checkpoint: {error}",
            "给的不是本县签名的检查点：文件不完整、被改过，或是别的县的。请向给你的人再要一份。",
        ) from error


def _check_file(file: Path, root: str | None) -> tuple[bool, dict[str, Any], list[str]]:
    """Check an evidence file.

    Raises:
        EvidenceError: it is none, its hub is not the root's, or the root is another than the one named.
    """
    given = given_evidence(file)
    named = fingerprint(given.root)
    if root is not None and "".join(root.split()).lower() != named.hex():
        raise EvidenceError("another root", f"证据文件属于另一个县根：它的指纹是 {spoken(named)}。不能采信。")
    try:
        found = given.check()
    except (FormatError, CryptoError) as error:
        raise EvidenceError(
            f"evidence that does not hold: {error}",
            "证据文件不成立：里面的检查点或县级证书的签名对不上。不能采信；请保留这个文件并报告县里。",
        ) from error
    value = values.checked(found, spoken(named))
    return not found.bad, value, words.checked_words(found, spoken(named), compared=root is not None)
