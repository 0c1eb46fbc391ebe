"""Secrets come from systemd, a file or standard input; never from the command line."""

import os
import sys
from pathlib import Path

from common.domain.spoken_error import SpokenError

CREDENTIAL = "hub-passphrase"
SHORTEST_PASSPHRASE = 12


class SecretMissingError(SpokenError):
    """No password or passphrase came by any of the ways."""


def typed(what: str) -> str:
    """Return the next line of standard input, asked for by ``what`` where a person sits there.

    Raises:
        SecretMissingError: there is none.
    """
    if sys.stdin.isatty():
        sys.stderr.write(f"{what}: ")
        sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise SecretMissingError("standard input holds no secret", "请从标准输入给出{what}。", what=what)
    return line.rstrip("\r\n")


def hub_passphrase(passphrase_file: Path | None) -> str:
    """Return the hub's passphrase: systemd's credential, else the settings' file, else standard input."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    credential = Path(folder) / CREDENTIAL if folder else None
    for path in (credential, passphrase_file):
        if path is not None and path.is_file():
            return path.read_text(encoding="utf-8").rstrip("\r\n")
    return typed("县级中心的密钥口令")
