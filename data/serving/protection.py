"""Whether small numbers are protected: a setting of the store, kept in its archive; a version built otherwise is never served."""

import os
from datetime import datetime

from data.archive.log import Archive
from data.archive.state import ArchiveState, ProtectionChange
from data.base.errors import PROTECTED, Notice, StoreUnavailable
from data.intake import archive_writer

VARIABLE = "DASHBOARD_PROTECT_SMALL_NUMBERS"
_NO = ("", "0", "false", "no", "nej", "off", "av")


def is_requested() -> bool:
    """Whether this process is asked to protect small numbers, which turns it on in a store where nobody has decided."""
    return os.environ.get(VARIABLE, "").strip().lower() not in _NO


def must_protect(archive: Archive) -> bool:
    """Whether only a version that protects small numbers may be served.

    StoreUnavailable when this process is asked to protect them and the store is not: nothing is served then. OSError when
    the archive cannot be read.
    """
    decided = archive.protected()
    if decided is False and is_requested():
        raise StoreUnavailable(StoreUnavailable.NOT_PROTECTED, variable=VARIABLE)
    return is_requested() if decided is None else decided


def settle(archive: Archive, state: ArchiveState, served: bool, now: datetime) -> tuple[ArchiveState, list[Notice]]:
    """Protect small numbers where nobody has decided, but this process is asked to or the version `served` does.

    The caller holds the lock and builds. Returns the state after that, and what happened. StoreUnavailable as in
    `must_protect`; OSError when the archive cannot be written.
    """
    requested = must_protect(archive)
    if state.protected is not None or not (requested or served):
        return state, []
    state, notices = archive_writer.with_chain(archive, state, VARIABLE, now)
    entry = archive_writer.protection_entry(archive, state, True)
    with entry.unfinished() as path:
        archive_writer.write_protection(entry, path, ProtectionChange(True, VARIABLE, now))
        entry.publish()
    return archive.followed(), [*notices, Notice(PROTECTED)]
