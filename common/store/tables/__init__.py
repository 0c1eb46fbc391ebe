"""All tables of all tiers: one app label, one history."""

from common.store.tables.cases import CaseMaterial, CasePaper, CaseRecord, CaseStep
from common.store.tables.catalogue import CalendarVersion, CatalogueVersion, ItemVersion
from common.store.tables.journals import Checkpoint, Clearing, Cover, Entry, Journal, Parcel, Receipt, Summary
from common.store.tables.people import (
    Account,
    DatedGrant,
    Draft,
    Person,
    SerialCounter,
    Setting,
    UnmaskLog,
    WebSession,
)
from common.store.tables.registry import Certificate, Invitation, Letter, Revocation

__all__ = [
    "Account",
    "CalendarVersion",
    "CaseMaterial",
    "CasePaper",
    "CaseRecord",
    "CaseStep",
    "CatalogueVersion",
    "Certificate",
    "Checkpoint",
    "Clearing",
    "Cover",
    "DatedGrant",
    "Draft",
    "Entry",
    "Invitation",
    "ItemVersion",
    "Journal",
    "Letter",
    "Parcel",
    "Person",
    "Receipt",
    "Revocation",
    "SerialCounter",
    "Setting",
    "Summary",
    "UnmaskLog",
    "WebSession",
]
