"""Failures of the disk and the memory, as errors that a reader understands."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from data.base.atomic_files import WRITE_ERRORS, is_disk_full, is_read_only
from data.base.errors import ImportFailed


@contextmanager
def import_failures(saved: Sequence[object] = ()) -> Iterator[None]:
    """Raise ImportFailed where the disk cannot be written; not once the change is `saved`: then it is done."""
    try:
        yield
    except WRITE_ERRORS as error:
        if not saved:
            raise write_failure(error) from error


def write_failure(error: BaseException) -> ImportFailed:
    """The error to show for one of `WRITE_ERRORS`."""
    if isinstance(error, MemoryError):
        return ImportFailed(ImportFailed.MEMORY)
    if is_disk_full(error):
        return ImportFailed(ImportFailed.FULL)
    return ImportFailed(ImportFailed.READ_ONLY) if is_read_only(error) else ImportFailed(reason=str(error))
