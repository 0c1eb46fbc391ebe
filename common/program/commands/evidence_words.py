"""What ``verify`` found, in words a technician understands: what is wrong, where, and what to do."""

from collections.abc import Sequence
from datetime import datetime

from common.domain.times import CHINA
from common.exchange.evidence import Against, CaseCovered, OwnJournal
from common.exchange.network import Network
from common.exchange.verifying import Fault, Verified, Wrong
from common.journal.checkpoint import Checkpoint
from common.journal.covered import Found
from common.journal.evidence import Checked
from common.journal.ids import JournalId

_LISTED = 20
"""Receipt numbers told in text; all of them are in the JSON."""

KEEP_AND_CALL = (
    "请不要清理、恢复或重装本机：保留整个数据目录，用 verify --out 文件 把证据另存一份，"
    "然后打电话告诉乡镇负责人和县级中心管理员。"
)
WRONG_WORDS: dict[Wrong, str] = {
    Wrong.ENTRY_MISSING: "这一条不见了，后面的都接不上。请保留现场，从备份恢复或让上级把它送回来。",
    Wrong.BODY_ALTERED: "内容和当初写下的不一样了：有人改过数据，或磁盘坏了。",
    Wrong.BODY_MISSING: "内容不见了，县里没有下令删除，也没有归档：有人改过数据，或磁盘坏了。",
    Wrong.CHAIN_BROKEN: "和前一条接不上：记录被改过、换过，或磁盘坏了。",
    Wrong.HEAD_ASTRAY: "日志记着的末尾不是最后一条：磁盘在写入时出过错。",
    Wrong.PARCEL_MISSING: "包裹的内容不见了：磁盘出过错。下次交换会从别处再取一份。",
    Wrong.PARCEL_ALTERED: "包裹的签名对不上：内容被改过，或磁盘坏了。",
    Wrong.PARCEL_MISNAMED: "包裹的内容和它的名字对不上：磁盘坏了，或放错了。",
    Wrong.CERTIFICATE_MISSING: "写它的站点的证书不在本机，无法核对签名。和上级交换一次再试。",
    Wrong.ATTACHMENT_ALTERED: "附件不见了或被改过。下次交换会从别处再取一份。",
    Wrong.CHECKPOINT_ALTERED: "县里签名的检查点在本机被改过，或磁盘坏了。",
    Wrong.COVER_ALTERED: "县里签名确认的证明在本机被改过，或磁盘坏了。",
    Wrong.ANOTHER_HISTORY: "县里签名确认的和本机的不是同一份记录：可能本机被复制成两台，或有一边被改过。",
    Wrong.HUB_CONTRADICTS_ITSELF: "县里先后签名确认的互相矛盾，又没有换过纪元：县里的记录可能被改过。",
    Wrong.TWO_CHECKPOINTS: "县里的密钥为同一个位置签了两个检查点：密钥可能被盗用，或县里有两台机器在跑。",
}


def verified_words(found: Verified, network: Network) -> list[str]:
    """Return what was looked at and every fault, a line each."""
    counts = (
        f"{found.journals}本日志、{found.entries}条记录、{found.batches}个包裹、"
        f"{found.attachments}个附件、{found.checkpoints}个检查点"
    )
    counts += f"；{found.erased}条已按县里的命令删除" if found.erased else ""
    counts += f"；{found.archived}条已归档" if found.archived else ""
    if found.whole:
        return [f"已核对{counts}：全部完好。"]
    faults = [fault_words(one, network) for one in found.wrong]
    return [*faults, f"已核对{counts}：有{len(faults)}处不对。", KEEP_AND_CALL]


def fault_words(fault: Fault, network: Network) -> str:
    """Return one fault: where it is, and what is wrong there."""
    said = WRONG_WORDS[fault.what]
    if fault.journal is not None:
        return f"{journal_words(fault.journal, network)}第{fault.number}条：{said}"
    if fault.what is Wrong.ATTACHMENT_ALTERED:
        return f"附件 {fault.name[:12]}：{said}"
    return f"检查点 {fault.name[:12]} 第{fault.number}号：{said}"


def journal_words(journal: JournalId, network: Network | None = None) -> str:
    """Return a journal as people speak of it: who wrote it, for whom, in which epoch."""
    writer = f"{network.name_of(journal.writer)}（{journal.writer}）" if network else str(journal.writer)
    return f"{writer}{_readers(journal)}的日志〔{journal.epoch.hex()[:6]}〕"


def _readers(journal: JournalId) -> str:
    audience = journal.audience
    if audience.is_public:
        return "公开"
    if audience.is_drop:
        return "只给县里看"
    others = sorted(audience.members(journal.writer.county) - {journal.writer, journal.writer.hub()})
    readers = [str(node) for node in others] + ([] if journal.writer.is_hub else ["县里"])
    return f"写给{'、'.join(readers)}"


def against_words(found: Against, network: Network) -> list[str]:
    """Return what a checkpoint covers of the own journals, what goes again, and what is contradicted."""
    lines = [f"对照{checkpoint_words(found.checkpoint)}："]
    if found.two:
        lines.append(f"  {WRONG_WORDS[Wrong.TWO_CHECKPOINTS]}")
    for one in found.journals:
        lines += [f"  {line}" for line in _own_words(one, network)]
    if not found.journals:
        lines.append("  本机还没有写过日志。")
    if found.locked:
        lines.append("  本机锁着：只对照了不加密的部分，没有列出办件。用 --as 登录再对照，能列出每一件。")
    if found.accuses:
        lines.append(f"  {KEEP_AND_CALL}")
    return lines


def _own_words(one: OwnJournal, network: Network) -> list[str]:
    judged = one.judgement
    lines = [f"{journal_words(one.journal, network)}：{_found_words(one)}"]
    if judged.found is Found.HUB_RESTORED:
        restored = (
            f"县级中心从备份恢复过：恢复前县里签名确认到第{judged.before}条，现在确认到第{judged.now}条。"
            f"其中{judged.again}条会自动重新送去，不用重办；这不是伪造。"
        )
        lines.append(f"  {restored}")
    return [*lines, *(f"  {line}" for line in _case_words(one))]


def _found_words(one: OwnJournal) -> str:
    judged = one.judgement
    if judged.found is Found.ANOTHER_HISTORY:
        return (
            f"第{judged.at}条对不上：县里签名的是 {judged.theirs.hex()[:12]}，"
            f"本机的是 {judged.ours.hex()[:12]}。{WRONG_WORDS[Wrong.ANOTHER_HISTORY]}"
        )
    if judged.found is Found.HUB_CONTRADICTS_ITSELF:
        return f"第{judged.at}条：{WRONG_WORDS[Wrong.HUB_CONTRADICTS_ITSELF]}"
    if judged.found is Found.LOST_HERE:
        return (
            f"县里有到第{max(judged.now, judged.before)}条，本机只到第{judged.length}条："
            "本机退回过旧数据。下次交换时县里那份会送回来，什么也不会丢。"
        )
    if not judged.now:
        return f"{judged.length}条，县里的签名还没有包括它。"
    reached = f"1至{judged.now}条县里已签名确认"
    return f"{reached}，全部齐了。" if not judged.open else f"{reached}，还有{judged.open}条没有确认到。"


def _case_words(one: OwnJournal) -> list[str]:
    told = (
        (CaseCovered.COVERED, "办件已确认"),
        (CaseCovered.PARTLY, "办件确认了一部分，后写的还没有"),
        (CaseCovered.NOT_YET, "办件还没有确认"),
    )
    lines = []
    for reached, words in told:
        numbers = one.cases.get(reached, ())
        if numbers and reached is CaseCovered.COVERED:
            lines.append(f"{words}{len(numbers)}件。")
        elif numbers:
            lines.append(f"{words}{len(numbers)}件：{_some(numbers)}。")
    return lines


def _some(numbers: Sequence[str]) -> str:
    shown = "、".join(numbers[:_LISTED])
    return shown if len(numbers) <= _LISTED else f"{shown}等"


def checkpoint_words(checkpoint: Checkpoint) -> str:
    """Return a checkpoint as people speak of it."""
    return f"县里{moment(checkpoint.hub_time)}签名的检查点（第{checkpoint.order}期第{checkpoint.counter}号）"


def checked_words(found: Checked, spoken_root: str, *, compared: bool) -> list[str]:
    """Return what an evidence file proves to a third person."""
    lines = [f"县根指纹 {spoken_root}{'：与给出的一致。' if compared else '：请和县里另外公布的指纹核对。'}"]
    lines.append(f"最新的是{checkpoint_words(found.newest)}。")
    for cover, checkpoint in sorted(found.proved, key=lambda one: (str(one[0].journal), one[1].order)):
        lines.append(
            f"{journal_words(cover.journal)}：1至{cover.number}条，{checkpoint_words(checkpoint)}已包括，"
            f"第{cover.number}条的校验值 {cover.hash.hex()}。"
        )
    if found.bad:
        lines.append(
            f"有{found.bad}份证明不成立：和县里签名的检查点对不上，不能采信。请保留这个文件并报告县里。"
        )
    else:
        lines.append(f"{len(found.proved)}份证明全部成立。")
    return lines


def moment(at: datetime) -> str:
    """Return an instant in China's time, to the minute."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
