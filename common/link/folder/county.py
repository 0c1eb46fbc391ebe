"""Whose county a folder is: the introduction in it, held against the pinned root (docs/spec/folder.md §3)."""

from contextlib import suppress

from common.crypto.certificates import HubCertificate, SignedCertificate
from common.crypto.enrolment import introduce, split_introduction
from common.crypto.errors import CryptoError
from common.crypto.trust import check_hub
from common.crypto.wire import FormatError
from common.exchange.network import Network
from common.link.folder.errors import FileError, NoIntroductionError, OtherCountyError, ReadOnlyFolderError
from common.link.folder.layout import COUNTY
from common.link.folder.limits import COUNTY_MAX
from common.link.folder.medium import Drawer


def introduction(top: Drawer) -> bytes:
    """Return the introduction a box that enrols checks against its code.

    Raises:
        NoIntroductionError: the folder has been at no node yet.
    """
    try:
        return top.read(COUNTY, COUNTY_MAX)
    except FileError as error:
        raise NoIntroductionError from error


def insist_on_county(top: Drawer, network: Network) -> bytes | None:
    """Return our introduction where it should be written, None where the one there is as new.

    Raises:
        OtherCountyError: the folder is of another county root.
    """
    ours = introduce(network.root, network.hub_encoded[network.hub.generation])
    try:
        data = top.read(COUNTY, COUNTY_MAX)
    except FileError:
        return ours
    shown = _read(data)
    if shown is None:
        with suppress(ReadOnlyFolderError):
            top.set_aside(COUNTY)
        return ours
    root, signed = shown
    if root != network.root:
        raise OtherCountyError(signed.cert.node.county)
    cert = signed.cert
    newer = isinstance(cert, HubCertificate) and (cert.order, cert.generation) > (
        network.hub.order,
        network.hub.generation,
    )
    return None if data == ours or newer else ours


def _read(data: bytes) -> tuple[bytes, SignedCertificate] | None:
    """Return root and hub certificate if that root signed it: whoever invents one names no county."""
    try:
        root, signed = split_introduction(data)
        check_hub(root, signed)
    except (CryptoError, FormatError):
        return None
    return root, signed
