"""Who may come in over a WebSocket: the rules of docs/spec/ssh.md §4 on one login (websocket.md §4)."""

from common.crypto.errors import BadSignatureError
from common.crypto.signing import verify
from common.link.certificates import CertificateKind, CertificateTextError, ShownCertificate, read_certificate
from common.link.gate import GateRules
from common.link.peer import Standing, Way
from common.link.websocket.login import LOGIN_CONTEXT, Greeting, Login, Verdict


async def judge(rules: GateRules, login: Login, tls_key: bytes, greeting: Greeting) -> Verdict:
    """Return what a login is answered; whether there is a place for a stranger is the server's to say.

    Args:
        rules: of the server, with the registry.
        login: as it came.
        tls_key: this server's transport key, 32 bytes.
        greeting: what this connection was greeted with.
    """
    principal = login.principal
    if principal is None:
        return Verdict.COME_IN
    standing = await rules.registry(principal.node, principal.generation)
    proven = _proven(rules, login, standing, login.transcript(tls_key, greeting))
    if proven is None:
        return Verdict.REFUSED
    now = await rules.registry(principal.node, principal.generation)
    if not now.admitted or now.transport_key not in {None, standing.transport_key}:
        return Verdict.REFUSED
    return Verdict.COME_IN if proven.reaches(login.way) else Verdict.RENEW_FIRST


def _proven(rules: GateRules, login: Login, standing: Standing, transcript: bytes) -> Way | None:
    """Return the furthest way the login proves, None where it proves nothing."""
    try:
        shown = read_certificate(login.certificate, CertificateKind.USER) if login.certificate else None
    except CertificateTextError:
        return None
    key = shown.key if shown else standing.transport_key
    if not standing.admitted or key is None or not _signed(key, transcript, login.signature):
        return None
    if shown and _vouches(rules, shown, str(login.principal)):
        return Way.SESSION
    if key == standing.transport_key:
        return Way.RENEW if rules.dates_trusted() else Way.SESSION
    return None


def _vouches(rules: GateRules, shown: ShownCertificate, principal: str) -> bool:
    return shown.authority in rules.authorities and shown.in_date and principal in shown.principals


def _signed(key: bytes, transcript: bytes, signature: bytes) -> bool:
    try:
        verify(key, LOGIN_CONTEXT, transcript, signature)
    except BadSignatureError:
        return False
    return True
