"""An open transaction, as every query function takes it."""

from dataclasses import dataclass

from tortoise.backends.base.client import TransactionalDBClient

from common.store.engines.interface import Dialect


@dataclass(frozen=True, slots=True)
class Tx:
    """An open transaction; every query function takes it first.

    Attributes:
        client: tortoise's client bound to the transaction; ``using_db`` of every query.
        dialect: what differs between the engines' SQL.
    """

    client: TransactionalDBClient
    dialect: Dialect
