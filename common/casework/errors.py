"""What casework refuses, each with a sentence a person understands."""

from common.domain.case import Case
from common.domain.findings import Finding
from common.domain.sentence import Part, Sentence, together
from common.domain.spoken_error import SpokenError


class CaseworkError(SpokenError):
    """A verb was refused; nothing changed."""


class UnknownItemError(CaseworkError):
    """The item is not in this node's catalogue."""

    def __init__(self) -> None:
        """Say where to look."""
        super().__init__("unknown item", "本站点的事项目录里没有这个事项，请重新选择，或联系乡镇。")


class ItemClosedError(CaseworkError):
    """The item takes no applications today."""

    def __init__(self) -> None:
        """Say that nothing is lost."""
        super().__init__(
            "the item is closed", "这个事项现在不接收申请了。已填写的内容还在草稿里，请选择其他事项。"
        )


class NotReadyError(CaseworkError):
    """The application has findings that must be mended, or lacks materials without being insisted on."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep every finding for the page."""
        sentence = together(finding.sentence for finding in findings)
        super().__init__(f"the application has {len(findings)} findings", sentence)
        self.findings = findings


class SomeNotReadyError(CaseworkError):
    """Some of several applications handed in together are refused, and so none was taken in.

    Attributes:
        refused: which (from 0) and why.
    """

    def __init__(self, refused: tuple[tuple[int, Sentence], ...]) -> None:
        """Name each with its reason."""
        sentence = together(Sentence("第{n}份：{why}", n=at + 1, why=why) for at, why in refused)
        super().__init__(f"{len(refused)} of the applications are refused", sentence)
        self.refused = refused


class UnknownCaseError(CaseworkError):
    """No case here has that number or id."""

    def __init__(self) -> None:
        """Say what else to try."""
        super().__init__("unknown case", "没有找到这个办件，请核对收件号；别的站点收的件可到县里查。")


class ArchivedError(CaseworkError):
    """The case's bodies left this disk by rule; carries what stays of it, and what came since."""

    def __init__(self, case: Case) -> None:
        """Say where the whole of it is."""
        super().__init__(
            "the case is archived at the hub",
            "这个办件已归档到县里，本站点只留收件号和结果。要看材料或经过，请凭收件号向县政务服务中心查询。",
        )
        self.case = case


class ErasedError(CaseworkError):
    """The case was erased by order of the hub."""

    def __init__(self) -> None:
        """Say that it is no fault, and who knows more."""
        super().__init__(
            "the case was erased by order of the hub",
            "这个办件的个人信息已依法删除，各站点都不再保存。如有疑问，请联系县政务服务中心。",
        )


class NotCustodianError(CaseworkError):
    """Another node holds the case now."""

    def __init__(self, holder: Sentence) -> None:
        """Name who holds it."""
        super().__init__("not the custodian", "这个办件现在由{holder}办理，本站点不能改动。", holder=holder)


class NotPossibleError(CaseworkError):
    """The case's course does not allow the step now."""

    def __init__(self, state_name: str) -> None:
        """Name the state the case is in."""
        super().__init__(
            "the step is not possible now",
            "这个办件现在是“{state}”，不能做这一步。请刷新看最新情况。",
            state=Sentence(state_name),
        )


class StoppedError(CaseworkError):
    """The case has a fact this program does not know."""

    def __init__(self) -> None:
        """Say what is to be done."""
        super().__init__(
            "the case stopped at an unknown fact", "这个办件里有新版本程序才懂的内容，请先升级本站点的程序。"
        )


class LeaseExpiredError(CaseworkError):
    """No hub-signed time young enough: this node may take in, not decide."""

    def __init__(self) -> None:
        """Say how to renew."""
        super().__init__(
            "the lease has expired",
            "太久没有收到县里的时间签名，暂时不能作决定和出件；收件照常。请连上县里，或用U盘带一次同步。",
        )


class UnansweredError(CaseworkError):
    """Custody was taken by time; who had it may have decided and not said so yet."""

    def __init__(self, nodes: list[str]) -> None:
        """Name whom the case waits for."""
        super().__init__(
            "the earlier custodian has not answered",
            "这个办件原来由{numbers}号站点办理，它可能已经作了决定，还没有联系上。"
            "等它答复后才能作决定和出件；确认联系不上的，请县里的管理员放行。",
            numbers=tuple(nodes),
        )


class FileRefusedError(CaseworkError):
    """A file is too large, empty, or not what it says."""


class AlreadyHandedInError(CaseworkError):
    """The draft was confirmed before; carries the case it became."""

    def __init__(self, case_id: str) -> None:
        """Keep the case for the page to show."""
        super().__init__("the draft was confirmed before", "这份申请已经提交过了，不用再提交。")
        self.case_id = case_id


class TakenInBeforeError(CaseworkError):
    """The same file was taken in before."""

    def __init__(self, numbers: list[str]) -> None:
        """Name the receipt numbers it got, the first of many."""
        some: tuple[Part, ...] = tuple(numbers[:10])
        if len(numbers) > len(some):
            some = (*some, Sentence("等{n}件", n=len(numbers)))
        super().__init__(
            "the file was taken in before",
            "这个文件已经收过了，收件号是 {numbers}，没有再收一遍。如果确实要再收一遍，请加上 --again。",
            numbers=some,
        )


class EpochLeftError(CaseworkError):
    """The node began a new epoch while the verb was running."""

    def __init__(self) -> None:
        """Say that nothing was written and that it can be done again at once."""
        super().__init__(
            "the epoch was left meanwhile",
            "本机刚刚换用了新的记录册，这一步没有保存，也没有丢失任何办件。请再提交一次。",
        )


class RecoveringError(CaseworkError):
    """The node was restored and the case's other readers have not all answered."""

    def __init__(self, nodes: Sentence) -> None:
        """Name whom the case waits for."""
        super().__init__(
            "the node is recovering",
            "本机从备份恢复后，还在等{nodes}送回旧记录，这个办件暂时不能办理；收件和新办件照常。"
            "等候情况见“恢复”页；等不到的，请管理员写明原因放行。",
            nodes=nodes,
        )


class PublishingWaitsError(CaseworkError):
    """The hub was restored and not every township has answered."""

    def __init__(self, nodes: Sentence) -> None:
        """Name whom publishing waits for."""
        super().__init__(
            "publishing waits while the hub recovers",
            "县级中心从备份恢复后，还在等{nodes}送回旧记录，暂时不能发布；"
            "等候情况见“恢复”页，等不到的请写明原因放行。",
            nodes=nodes,
        )


class HubStoppedError(CaseworkError):
    """This hub may not write: another box is the county's hub now, or others know more of it than itself."""

    def __init__(self, *, superseded: bool) -> None:
        """Say which, and what to do."""
        sentence = (
            "县里已经启用了另一台恢复出来的县级中心，这一台是旧的，不能再办理任何事，请关机并报告管理员。"
            if superseded
            else "县级中心退回到了以前的状态，别的站点知道的比本机多，已停止办理。"
            "请运维人员带县根U盘运行 recovery begin。"
        )
        super().__init__("the hub is stopped", sentence)
