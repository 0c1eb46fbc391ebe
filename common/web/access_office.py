"""What the pages of sign-in and accounts ask of the node: proof, unlocking, new accounts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from common.casework.accounts import NewAccount


@dataclass(frozen=True, slots=True)
class AccessOffice:
    """The node's side of sign-in; every refusal is a spoken error.

    Attributes:
        locked: whether the box is locked now.
        sign_in: takes login and password; returns when they are right and the box is unlocked.
        recover: takes the typed recovery code; returns when the box is unlocked by it.
        add_user: makes an account with a password.
        set_password: takes login and new password; whoever asks was proven before.
    """

    locked: Callable[[], bool]
    sign_in: Callable[[str, str], Awaitable[None]]
    recover: Callable[[str], Awaitable[None]]
    add_user: Callable[[NewAccount, str], Awaitable[None]]
    set_password: Callable[[str, str], Awaitable[None]]


ACCESS: web.AppKey[AccessOffice] = web.AppKey("jiujin_access", AccessOffice)


def access_of(request: web.Request) -> AccessOffice:
    """Return the node's side of sign-in."""
    return request.config_dict[ACCESS]
