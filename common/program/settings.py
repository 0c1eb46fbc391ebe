"""Settings of a node: ``node.toml`` in its directory, overridden by ``JIUJIN_…`` of the environment."""

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from common.domain.node import Tier
from common.domain.spoken_error import SpokenError
from common.link.address import Address, AddressError
from common.link.mdns.interfaces import is_interface
from common.link.peer import Carrier
from common.store.engines.postgres import CONNECTIONS, FEWEST_CONNECTIONS


def _interface(text: str) -> str:
    if not is_interface(text):
        raise ValueError("no interface")
    return text


def _dialled(text: str) -> str:
    Address.parse(text)
    return text


DialText = Annotated[str, AfterValidator(_dialled)]
InterfaceText = Annotated[str, AfterValidator(_interface)]


class SettingsError(SpokenError):
    """``node.toml`` or the environment says something no node can do."""


class NodeSettings(BaseSettings):
    """What an operator may set; everything else is the program's own business.

    Attributes:
        tier: which of the three programs the directory belongs to.
        web: where pages are served, HOST:PORT.
        ssh: where lower nodes are heard, HOST:PORT; not at a station.
        wss: where lower nodes are heard over WebSocket and TLS, HOST:PORT; not at a station.
        metrics: where Prometheus scrapes, HOST:PORT of this machine's own; empty: nowhere.
        upper: where the upper node is dialled, HOST:PORT or wss://HOST[:PORT] each, tried in order.
        announce: the interfaces on which this node announces itself by mDNS: IPv4 addresses or devices.
        find: the interfaces on which the upper node is looked for by mDNS.
        ferry: directories at a network gate that are visited in every round.
        sticks: directories below which sticks are mounted, for the page that exchanges with one.
        database: the hub's database, ``postgres://…``; empty: SQLite in the directory.
        database_connections: of one process to that database at most.
        passphrase_file: where the hub's passphrase lies, if systemd does not bring it.
        sync_seconds: the longest rest between two exchanges on a line that works.
        log: how the log on standard error is written: a line of text or of JSON an event.
        log_level: from which weight on; None: INFO of ``serve``, WARNING of a command a person waits for.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="JIUJIN_", extra="forbid", frozen=True
    )

    tier: Tier
    web: str = "127.0.0.1:8080"
    ssh: str = ""
    wss: str = ""
    metrics: str = ""
    upper: tuple[DialText, ...] = ()
    announce: tuple[InterfaceText, ...] = ()
    find: tuple[InterfaceText, ...] = ()
    ferry: tuple[Path, ...] = ()
    sticks: tuple[Path, ...] = (Path("/media"), Path("/run/media"), Path("/mnt"))
    database: str = Field(default="", repr=False)
    database_connections: int = Field(default=CONNECTIONS, ge=FEWEST_CONNECTIONS, le=100)
    passphrase_file: Path | None = None
    sync_seconds: int = Field(default=30, ge=1, le=86_400)
    log: Literal["text", "json"] = "text"
    log_level: str | None = Field(default=None, pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    @property
    def lines(self) -> dict[Carrier, str]:
        """Where lower nodes are heard, by carrier; empty: not over that one."""
        return {Carrier.SSH: self.ssh, Carrier.WEBSOCKET: self.wss}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment, then the file the caller names; no ``.env``, no secrets folder."""
        del dotenv_settings, file_secret_settings
        path = Path(str(init_settings()["toml"]))
        return env_settings, TomlConfigSettingsSource(settings_cls, toml_file=path)


def load_settings(path: Path) -> NodeSettings:
    """Return the settings of a ``node.toml``.

    Raises:
        SettingsError: it is no TOML, or says something unknown; no value is repeated.
    """
    named: dict[str, Any] = {"toml": path}
    try:
        return NodeSettings(**named)
    except ValidationError as error:
        wrong = tuple(sorted({".".join(str(part) for part in one["loc"]) for one in error.errors()}))
        raise SettingsError(
            "node.toml is wrong", "node.toml 或环境变量里这些设置不对：{wrong}。", wrong=wrong
        ) from None
    except (ValueError, OSError) as error:
        raise SettingsError(
            "node.toml is unreadable", "node.toml 读不出来，请检查它是不是完整的 TOML 文件。"
        ) from error


def host_port(text: str) -> tuple[str, int]:
    """Return host and port of ``HOST:PORT`` or ``[IPV6]:PORT``.

    Raises:
        SettingsError: it is neither.
    """
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65_536):  # noqa: PLR2004
        raise SettingsError("not HOST:PORT", "地址要写成主机和端口，中间用英文冒号，例如 192.168.1.10:2222。")
    return host.removeprefix("[").removesuffix("]"), int(port)


def dial_address(text: str) -> Address:
    """Return the address of ``HOST:PORT`` or ``wss://HOST[:PORT]``.

    Raises:
        SettingsError: it is neither.
    """
    try:
        return Address.parse(text)
    except AddressError:
        raise SettingsError(
            "no address to dial",
            "地址要写成主机和端口，中间用英文冒号，或以wss开头，例如 192.168.1.10:2222、wss://hub.example.cn。",
        ) from None
