"""Keys at rest under a password or a recovery code: argon2id, then AES-256-GCM (identity.md §9)."""

from argon2.low_level import Type, hash_secret_raw

from common.crypto.errors import CannotOpenError, WrongPasswordError
from common.crypto.passwords import SALT_BYTES, STANDARD, PasswordCost, password_bytes
from common.crypto.spelling import read, spell
from common.crypto.symmetric import KEY_BYTES, NONCE_BYTES, TAG_BYTES, decrypt, encrypt, random_bytes
from common.crypto.wire import FormatError, Reader, Writer

SECRET_MAX = 65_536
RECOVERY_BYTES = 13
RECOVERY_CHARACTERS = 25
_MAGIC = b"JJK1"
_RECOVERY_CONTEXT = b"jiujin/recovery-code/1\0"


def wrap_with_password(secret: bytes, password: str, cost: PasswordCost = STANDARD) -> bytes:
    """Return ``secret`` locked under a password; salt, nonce and cost are stored in it.

    Args:
        secret: at most 64 KiB.
        password: what a person will type, or a recovery code's canonical form.
        cost: how much one guess costs.
    """
    salt, nonce = random_bytes(SALT_BYTES), random_bytes(NONCE_BYTES)
    writer = Writer().raw(_MAGIC).uint(cost.memory_kib).uint(cost.passes).uint(cost.lanes)
    head = writer.fixed(salt, SALT_BYTES).fixed(nonce, NONCE_BYTES).done()
    sealed = encrypt(_key(password, salt, cost), nonce, secret, head)
    return writer.blob(sealed, SECRET_MAX + TAG_BYTES).done()


def unwrap_with_password(blob: bytes, password: str) -> bytes:
    """Return the secret of ``wrap_with_password``.

    Raises:
        FormatError: the bytes are no key file, or ask for more memory or time than the bounds allow.
        WrongPasswordError: another password, or the file was altered.
    """
    reader = Reader(blob)
    if reader.fixed(len(_MAGIC)) != _MAGIC:
        raise FormatError("not a key file", 0)
    cost = _cost(reader)
    salt, nonce = reader.fixed(SALT_BYTES), reader.fixed(NONCE_BYTES)
    head = reader.since(0)
    sealed = reader.blob(SECRET_MAX + TAG_BYTES)
    reader.end()
    try:
        return decrypt(_key(password, salt, cost), nonce, sealed, head)
    except CannotOpenError as error:
        raise WrongPasswordError from error


def new_recovery_code() -> str:
    """Return a random recovery code, five groups of five characters, to be kept at the township."""
    return spell(random_bytes(RECOVERY_BYTES), RECOVERY_CHARACTERS, _RECOVERY_CONTEXT)


def recovery_password(typed: str) -> str:
    """Return the one form of a typed recovery code, to use as a password; ``CodeError`` if it is none."""
    payload = read(typed, RECOVERY_BYTES, RECOVERY_CHARACTERS, _RECOVERY_CONTEXT)
    return spell(payload, RECOVERY_CHARACTERS, _RECOVERY_CONTEXT)


def _cost(reader: Reader) -> PasswordCost:
    try:
        return PasswordCost(memory_kib=reader.uint(), passes=reader.uint(), lanes=reader.uint())
    except ValueError as error:
        raise reader.fail("argon2id cost out of bounds") from error


def _key(password: str, salt: bytes, cost: PasswordCost) -> bytes:
    return hash_secret_raw(
        password_bytes(password), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
    )
