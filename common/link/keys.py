"""Raw Ed25519 keys to the SSH library's keys and to OpenSSH's text, and back."""

import asyncssh

RAW_KEY = 32
_PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")  # RFC 8410 §7, before the seed
_SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")  # RFC 8410 §4, before the public key


def private_key(seed: bytes) -> asyncssh.SSHKey:
    """Return the SSH key of a raw Ed25519 seed (32 bytes; any other length is a ``ValueError``)."""
    return asyncssh.import_private_key(_PKCS8_ED25519 + _checked(seed))


def public_key(raw: bytes) -> asyncssh.SSHKey:
    """Return the SSH key of a raw Ed25519 public key (32 bytes; any other length is a ``ValueError``)."""
    return asyncssh.import_public_key(_SPKI_ED25519 + _checked(raw))


def raw_public(key: asyncssh.SSHKey) -> bytes | None:
    """Return the 32 raw bytes of an Ed25519 key; None for a key of another kind."""
    return key.public_data[-RAW_KEY:] if key.get_algorithm() == "ssh-ed25519" else None


def public_text(raw: bytes) -> str:
    """Return a raw public key as OpenSSH writes it: ``ssh-ed25519 AAAA…``, one line without its end."""
    return public_key(raw).export_public_key("openssh").decode("ascii").strip()


def _checked(raw: bytes) -> bytes:
    if len(raw) != RAW_KEY:
        message = f"a raw Ed25519 key is {RAW_KEY} bytes"
        raise ValueError(message)
    return raw
