"""The label of a folder: what it is, whose, who was here last; nothing personal (docs/spec/folder.md §1)."""

import codecs
from collections.abc import Mapping
from contextlib import suppress
from datetime import date

from common.domain.node import NodeId
from common.link.folder.errors import FolderError
from common.link.folder.medium import Drawer

NAMES = tuple(f"{name}.txt" for name in ("说明", "README"))
"""The second where a file system refuses the first."""


def label(hub: NodeId, office: str, visits: Mapping[NodeId, date]) -> bytes:
    """Return the label's bytes, as an old PC's editor reads them.

    Args:
        hub: the county's hub.
        office: what the hub is called.
        visits: by node the day of its last word here, by its own clock.
    """
    latest = sorted(visits.items(), key=lambda visit: (visit[1], visit[0]), reverse=True)
    lines = [
        "就近政务服务网 数据摆渡目录",
        "",
        f"属于：{office}（县码 {hub.county}，中心编号 {hub}）",
        "用途：在没有网络的站点之间送数据。内容都已加密和签名，不要打开、改名或删除。",
        "用法：插到站点电脑上，运行 sync --folder，看到“可以拔出”后再拔。",
        f"拾到请交回：{office}，或任何一个乡镇便民服务中心。",
        "",
        "到过这里的站点（编号、最近日期）：",
        *(f"  {node}  {day.isoformat()}" for node, day in latest),
        "",
        "Jiujin ferry folder: sealed and signed. Leave the files alone; return it to the office named above.",
    ]
    return codecs.BOM_UTF8 + "".join(f"{line}\r\n" for line in lines).encode()


def stick_on(top: Drawer, data: bytes) -> None:
    """Write the label; a folder that takes no label is as good without."""
    for name in NAMES:
        with suppress(FolderError):
            top.write(name, [data])
            return
