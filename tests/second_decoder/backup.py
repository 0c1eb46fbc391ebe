"""A second reader of backups, from docs/spec/backup.md and identity.md §9 alone."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.second_decoder.wire import Cursor

Get = Callable[[str], bytes]


def master_key(key_file: bytes, passphrase: str) -> bytes:
    """Return the 32 bytes a key file locks."""
    at = Cursor(key_file)
    assert at.fixed(4) == b"JJK1"
    memory, passes, lanes = at.uint(), at.uint(), at.uint()
    salt, nonce = at.fixed(16), at.fixed(12)
    head = key_file[: len(key_file) - len(at.left)]
    sealed = at.blob(65_552)
    key = hash_secret_raw(passphrase.encode(), salt, passes, memory, lanes, 32, Type.ID)
    return AESGCM(key).decrypt(nonce, sealed, head)


def derived(master: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def read_backup(get: Get, lists: list[str], passphrase: str) -> dict[str, bytes]:
    """Return every file of the newest backup by its path."""
    label = json.loads(get("label.json"))
    assert label["format"] == 1
    master = master_key(get("key"), passphrase)
    names, contents = (
        derived(master, b"jiujin/backup-names/1\0"),
        derived(master, b"jiujin/backup-contents/1\0"),
    )

    def opened(sealed: bytes, associated: bytes) -> bytes:
        return AESGCM(contents).decrypt(sealed[:12], sealed[12:], associated)

    newest = max(lists)
    listed: dict[str, Any] = json.loads(opened(get(newest), b"jiujin/backup-list/1\0" + newest.encode()))
    files = {}
    for one in listed["files"]:
        whole = b""
        for name in one.get("pieces", []):
            piece = opened(get(f"pieces/{name[:2]}/{name}"), bytes.fromhex(name))
            assert hashlib.sha256(b"jiujin/backup-name/1\0" + names + piece).hexdigest() == name
            whole += piece
        assert len(whole) == one["size"]
        files[one["path"]] = whole
    return files


def read_folder(folder: Path, passphrase: str) -> dict[str, bytes]:
    """Return every file of a folder's newest backup."""
    lists = [f"lists/{path.name}" for path in (folder / "lists").iterdir()]
    return read_backup(lambda name: (folder / name).read_bytes(), lists, passphrase)
