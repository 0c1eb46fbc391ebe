"""A house's accounts: signing in opens the vault, and whoever has an account has its key under a password."""

from common.casework import accounts
from common.domain.grants import Actor
from common.program.house import House, LockedError
from common.store import accounts as account_rows


async def sign_in(house: House, login: str, password: str) -> Actor:
    """Return the actor of a sign-in; a locked box unlocks. Refusals are those of ``accounts.prove``."""
    await unlock_by(house, login, password)
    return await accounts.actor(house.at_desk(), login)


async def unlock_by(house: House, login: str, password: str) -> None:
    """Unlock with an account's password, enrolled or not; refusals are those of ``accounts.prove``."""
    account = await accounts.prove(house.opened, house.clock, login, password)
    key = await accounts.vault_key(account, password)
    if key is not None:
        await house.unlock(key)


async def has_accounts(house: House) -> bool:
    """Whether anybody can sign in here."""
    return bool(await house.opened.read(account_rows.every))


async def add_user(house: House, new: accounts.NewAccount, password: str) -> None:
    """Make an account; afterwards the vault's key lies on the disk under passwords only.

    What the account may not be is an ``AccountError``.

    Raises:
        LockedError: the box is locked.
    """
    if house.vault is None:
        raise LockedError
    await accounts.add_user(house.opened, house.vault, new, password, house.vault_key)
    house.directory.first_key.unlink(missing_ok=True)


async def set_password(house: House, login: str, password: str) -> None:
    """Give an account a new password; whoever asks was proven before. Refusals are ``AccountError``.

    Raises:
        LockedError: the box is locked: the account would lose its way into the vault.
    """
    if house.vault_key is None and not house.is_hub:
        raise LockedError
    await accounts.set_password(house.opened, login, password, house.vault_key)


async def new_recovery_code(house: House) -> str:
    """Return a new recovery code, shown once; the one before opens nothing any more.

    Raises:
        LockedError: the box is locked.
    """
    if house.vault_key is None:
        raise LockedError
    return await accounts.keep_recovery(house.opened, house.vault_key)


async def recover(house: House, typed: str) -> None:
    """Unlock by the typed recovery code; refusals are those of ``accounts.recover``."""
    await house.unlock(await accounts.recover(house.opened, typed))
