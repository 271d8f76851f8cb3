"""Files in, one database out. `Store` is the way in and out; the rest is what it takes and gives."""

from data.archive.state import Batch, BatchTable, Change
from data.base.errors import (
    ImportBusy,
    ImportFailed,
    ImportRefused,
    NothingToChange,
    Notice,
    StoreError,
    StoreUnavailable,
    UnknownBatch,
)
from data.base.fault import Fault
from data.coverage import Coverage
from data.intake.choices import Choice, suggested_coverage
from data.intake.draft import Draft, FileDraft, Source, TableDraft
from data.serving.server import Database
from data.serving.status import Status
from data.serving.versions import Version
from data.store import Store

__all__ = [
    "Batch",
    "BatchTable",
    "Change",
    "Choice",
    "Coverage",
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
    "suggested_coverage",
]
