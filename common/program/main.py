"""From the shell to a command and back: exit 0 done, 1 refused with a sentence, 2 wrong use."""

import logging
import signal
from collections.abc import Sequence

import click

from common.crypto.errors import CryptoError
from common.crypto.wire import FormatError
from common.domain.log import event
from common.domain.node import Tier
from common.domain.spoken_error import SpokenError
from common.link.errors import LinkError
from common.program import logs
from common.program.commands import (
    backups,
    cases,
    catalogue,
    custody,
    keeping,
    nodes,
    people,
    quarantine,
    service,
    sync,
)
from common.program.commands.shared import Program
from common.program.commands.status import status
from common.program.commands.verify import verify
from common.program.serving import MakePages
from common.store.errors import StoreError

_REFUSED, _WRONG_USE = 1, 2
_log = logging.getLogger(__name__)


def program(name: str, tier: Tier, make_pages: MakePages) -> click.Group:
    """Return a tier's program: its commands and its pages."""
    group = click.Group(name, help="就近 Jiujin", context_settings={"obj": Program(name, tier, make_pages)})
    hub = tier is Tier.COUNTY
    commands: Sequence[click.Command] = (
        nodes.init_hub if hub else nodes.init_node,
        service.serve_station if tier is Tier.VILLAGE else service.serve,
        status,
        verify,
        service.rebuild,
        backups.backup,
        backups.restore,
        backups.recovery_group(hub=hub),
        people.user_group,
        nodes.node_group(keeps=hub),
        cases.case_group(takes_in=not hub),
        *(
            (
                sync.sync_hub,
                nodes.invite_node,
                catalogue.catalogue_group,
                people.grant_group,
                custody.custody_group,
                quarantine.quarantine_group,
            )
            if hub
            else (nodes.enrol, sync.sync, keeping.purge_cases)
        ),
    )
    for command in commands:
        group.add_command(command)
    return group


def run_program(group: click.Group, arguments: Sequence[str] | None = None) -> int:
    """Run a program and return its exit code; what was refused is one Chinese sentence on standard error."""
    logs.begin()
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # a nudge that comes before there is a keeper to hear it
    try:
        answered = group.main(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return _WRONG_USE
    except click.Abort:
        return _REFUSED
    except (SpokenError, StoreError, LinkError) as error:
        event(_log, logging.INFO, "command_refused", why=str(error))
        return _refused(error.sentence)
    except ConnectionError as error:
        event(_log, logging.WARNING, "line_ended", why=type(error).__name__)
        return _refused("和对方的连接断了，已办的事都在本机，请稍后再试。")
    except (CryptoError, FormatError) as error:
        event(_log, logging.ERROR, "keys_unusable", error=error)
        return _refused("密钥文件或证书不对，或已损坏，请从备份恢复。")
    return answered if isinstance(answered, int) else 0


def _refused(sentence: str) -> int:
    click.echo(sentence, err=True)
    return _REFUSED
