"""What can go wrong on a line: one name each, a sentence for the person and one for the log.

They are ``ConnectionError`` so that layers which know nothing of SSH can tell a lost line from a fault.
"""

from common.domain.node import NodeId
from common.domain.sentence import Sentence


def peer_title(node: NodeId | None) -> Sentence:
    """Return how a person calls the box that is dialled; only townships and the hub are."""
    if node is None:
        return Sentence("上级节点")
    pattern = "县级中心（{node}）" if node.is_hub else "乡镇节点（{node}）"
    return Sentence(pattern, node=str(node))


class LinkError(ConnectionError):
    """A line could not be used.

    Attributes:
        sentence: for the person at the screen, in Chinese.
        retry: whether trying again later can help without anybody doing anything.
    """

    pattern = "与{peer}的连接出了问题。"
    retry = True

    def __init__(self, node: NodeId | None, detail: str) -> None:
        """Say whom it concerns and, in English for the log, what happened."""
        super().__init__(f"{type(self).__name__} at {node or 'upper node'}: {detail}")
        self.sentence = Sentence(self.pattern, peer=peer_title(node))


class UnreachableError(LinkError):
    """Nobody answers: cable, power, address or firewall."""

    pattern = "连不上{peer}：网络不通或对方没有开机。已办的事都在本机，恢复后会自动续传。"


class LineLostError(LinkError):
    """The line was cut while in use."""

    pattern = "与{peer}的线路断了：已传的不会丢，恢复后会接着传。"


class BusyError(LinkError):
    """The peer has no place left for now."""

    pattern = "{peer}现在连接太多：稍后会自动再试。"


class RefusedError(LinkError):
    """The peer does not let this node in: revoked, replaced or not of this county."""

    pattern = "{peer}不接受本节点的身份：本节点可能已被停用或更换，请联系县级管理员。"
    retry = False


class RenewalNeededError(RefusedError):
    """The peer knows this node but not its certificate: expired or signed by a former key of the hub."""

    pattern = "{peer}认得本节点，但本节点的证书已到期：只能先续期，程序会自动申请续期。"


class WrongPeerError(LinkError):
    """Who answers is not the one meant; nothing was sent to it."""

    pattern = "应答的不是{peer}：它拿不出县里签发的身份，没有向它发送任何内容。请核对地址并报告县级管理员。"
    retry = False


class InterceptedError(WrongPeerError):
    """The peer's own certificate came through a TLS line that somebody else opened in between."""

    pattern = (
        "去{peer}的加密线路在中途被拆开了（常见于单位的上网代理）：没有向它发送任何内容。"
        "请网络管理员对这个地址放行，不作解密检查。"
    )


class PeerExpiredError(WrongPeerError):
    """The right authority's certificate, but out of its dates by this box's clock."""

    pattern = "{peer}的身份证书不在有效期内：请先核对本机时间，再请对方续期。没有向它发送任何内容。"


class IncompatibleError(LinkError):
    """The two programs share no algorithm or speak no common protocol."""

    pattern = "与{peer}的程序版本不相容：请联系县级管理员更新程序。"
    retry = False
