"""What can go wrong in the store: a sentence for people in Chinese, one for the log in English."""


class StoreError(Exception):
    """A database could not do what was asked; nothing of the transaction was kept (but see ``UnsureError``).

    Attributes:
        sentence: what a person at the screen is told (Chinese, no personal data).
    """

    sentence = "数据库出现问题，本次操作没有保存，请联系管理员。"


class DiskFullError(StoreError):
    """No room on the disk; nothing was written."""

    sentence = "磁盘空间已满，本次操作没有保存。请清理磁盘后再试。"


class BusyError(StoreError):
    """Another program held the database longer than we wait."""

    sentence = "数据库正被另一个程序占用，本次操作没有保存，请稍后再试。"


class CrossedError(BusyError):
    """Two transactions waited for each other, and this one gave way."""

    sentence = "数据库正忙，本次操作没有保存，请稍后再试。"


class UnsureError(StoreError):
    """The connection broke while the server was committing: whether anything was kept nobody can know."""

    sentence = "保存时与数据库的连接断开，可能已经保存，也可能没有。请先查看结果，再决定是否重做。"


class UnfitDatabaseError(StoreError):
    """The database there sorts or encodes texts in a way we cannot use."""

    sentence = "这个数据库的编码或排序规则不合适，请按手册用 UTF8 编码和 C 排序规则重新创建。"


class UnfitError(StoreError, ValueError):
    """A value that its column does not hold: too long, too large, or a text with a character that is none."""

    sentence = "有一项内容过长或含有不能保存的字符，本次操作没有保存。"


class WrongKeyError(StoreError):
    """The key does not open this file, or the file is no database of ours."""

    sentence = "密钥不对，数据库打不开。"


class DamagedError(StoreError):
    """The file is damaged, or is not a plain SQLite database."""

    sentence = "数据库文件已损坏或不是本系统的数据库，请从备份恢复。"


class UnreachableError(StoreError):
    """The database file or server cannot be reached."""

    sentence = "数据库打不开，请检查数据目录、权限和数据库服务。"


class ReadOnlyError(StoreError):
    """A write was tried in a reading transaction, or the file may not be written."""

    sentence = "数据库只能读取，本次操作没有保存，请检查数据目录的权限。"


class ConflictError(StoreError):
    """A row that must be single is there already, or a row it points at is not."""

    sentence = "数据已存在或互相矛盾，本次操作没有保存。"


class TransactionMisuseError(StoreError):
    """Our own mistake: a transaction inside a transaction of the same database, or use after closing."""

    sentence = "程序内部错误，本次操作没有保存，请联系管理员。"
