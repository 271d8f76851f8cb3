"""Files in, one database out. `Store` is the way in and out; the rest is what it takes and gives."""

from data.choices import Choice, suggested
from data.cover import Cover
from data.draft import Draft, FileDraft, Source, TableDraft
from data.faults import Fault
from data.history import Batch, BatchTable, Change
from data.said import (
    ImportBusy,
    ImportFailed,
    ImportRefused,
    NothingToChange,
    Notice,
    StoreError,
    StoreUnavailable,
    UnknownBatch,
)
from data.serving import Database
from data.status import Status
from data.store import Store
from data.versions import Version

__all__ = [
    "Batch",
    "BatchTable",
    "Change",
    "Choice",
    "Cover",
    "Database",
    "Draft",
    "Fault",
    "FileDraft",
    "ImportBusy",
    "ImportFailed",
    "ImportRefused",
    "NothingToChange",
    "Notice",
    "Source",
    "Status",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "TableDraft",
    "UnknownBatch",
    "Version",
    "suggested",
]
