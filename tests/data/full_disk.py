"""What a store does in a process whose files may not grow: a limit on their size stands in for a full disk."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.base.errors import ImportFailed
from data.store import Store
from tests.data.stores import NOW, ROLE, table_rows


@contextmanager
def limited(size: int) -> Iterator[None]:
    """No file of this process may grow larger than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def undo(folder: Path, size: int) -> str:
    """Undo the first batch; the sentence of what went wrong, "" when nothing did."""
    store = Store(folder)
    store.database()
    with limited(size):
        try:
            store.undo(1, ROLE, NOW)
        except ImportFailed as error:
            return error.sentence()
    return ""


def read(folder: Path, size: int) -> tuple[tuple[int, int], list[str]]:
    """The rows and kronor of the budget, and the sentences of the notices."""
    with limited(size):
        database = Store(folder).database()
        ((count, amount),) = table_rows(database, "budgets", "count(*), sum(amount)::INTEGER")
        return (count, amount), [notice.sentence() for notice in database.notices]
