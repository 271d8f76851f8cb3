"""Whether small numbers are protected: a setting of the store, kept in its archive; a version built otherwise is never served."""

import os

from data.archive.log import Archive
from data.base.errors import StoreUnavailable

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
