"""What can go wrong with a folder, as a sentence for the person who holds the stick."""

from common.domain.spoken_error import SpokenError


class FolderError(SpokenError):
    """The folder cannot be used, or not further; what was taken in before is kept."""


class NoFolderError(FolderError):
    """There is no such directory."""

    def __init__(self) -> None:
        """Say what to check."""
        super().__init__("no such folder", "找不到这个目录，请检查U盘是否插好、路径是否写对。")


class OtherCountyError(FolderError):
    """Another county root's folder."""

    def __init__(self, county: str) -> None:
        """Name the county by its code."""
        super().__init__(
            "another county's folder",
            "这是另一个县（{county}）的目录，没有读取也没有写入任何内容。请换成本县的U盘。",
            county=county,
        )


class FolderBusyError(FolderError):
    """Another program works in it."""

    def __init__(self, node: str) -> None:
        """Name the node that holds the lock."""
        super().__init__(
            "the folder is locked by another program",
            "站点 {node} 的程序正在使用这个目录，请等它结束后再试；它若已中断，十分钟后自动解除。",
            node=node or "未知",
        )


class FolderLostError(FolderError):
    """It can no longer be read or written: pulled out, or broken."""

    def __init__(self, detail: str) -> None:
        """Say that nothing is lost."""
        super().__init__(
            f"the folder is lost: {detail}",
            "U盘中途读写出错，可能已被拔出。已收下的都存好了，请重新插好再运行一次。",
        )


class FolderFullError(FolderError):
    """No room is left on it."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("the folder is full", "U盘空间已满，请换一只空间更大的U盘，或删除U盘上无关的文件。")


class ReadOnlyFolderError(FolderError):
    """It cannot be written."""

    def __init__(self) -> None:
        """Say what to check."""
        super().__init__("the folder is read-only", "U盘只能读、不能写，请检查写保护开关或目录权限。")


class NoIntroductionError(FolderError):
    """It has not been at any node of a county yet."""

    def __init__(self) -> None:
        """Say where to go first."""
        super().__init__(
            "the folder has no introduction",
            "这个目录还没有到过县里任何站点。请先把U盘带到县级中心或乡镇节点运行 sync --folder，再拿回来。",
        )


class FileError(Exception):
    """One file of a folder cannot be used; the others can.

    Attributes:
        reason: a short code for the report.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
