"""What undoing an import loses: its tables, their rows and months, which tables are left empty, and what becomes of the goals."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from data.archive.state import ArchiveState, Batch, BatchTable
from data.previews.goals import GoalPreview


@dataclass(frozen=True)
class LostTable:
    """The rows of a table that an import brought, and the months that it covers; `is_emptied`: no other import has rows of it.

    `rows` is None where small numbers are protected.
    """

    dataset: str
    rows: int | None
    months: tuple[date, date] | None
    is_emptied: bool


@dataclass(frozen=True)
class Losses:
    """What undoing an import loses. `goals`: before and after; None where that could not be worked out in time.

    `to_example`: nothing else is in force, so the pages show example data.
    """

    batch: int
    file: str
    tables: tuple[LostTable, ...]
    goals: GoalPreview | None = field(default_factory=GoalPreview)
    to_example: bool = False

    @property
    def asks(self) -> bool:
        """Whether rows are taken away, or all that there is, so that it must be asked first."""
        return self.to_example or bool(self.tables)


def lost_tables(state: ArchiveState, batch: Batch, protected: bool) -> Losses:
    """What undoing a batch in force loses, as far as the archive tells."""
    rest = [other for other in state.active if other.number != batch.number]
    remaining = {table.dataset for other in rest for table in other.tables if table.rows}
    codes = dict.fromkeys(table.dataset for table in batch.tables if table.rows)
    hidden = protected and batch.holds_cases
    tables = tuple(_lost(code, batch, hidden, code not in remaining) for code in codes)
    return Losses(batch.number, batch.file, tables, to_example=not rest)


def with_goals(losses: Losses, preview: GoalPreview | None) -> Losses:
    """The losses with what becomes of the goals."""
    return replace(losses, goals=preview)


def _lost(code: str, batch: Batch, hidden: bool, is_emptied: bool) -> LostTable:
    parts = [table for table in batch.tables if table.dataset == code]
    months = [month for table in parts for month in _months(table)]
    span = (min(months), max(months)) if months else None
    return LostTable(code, None if hidden else sum(table.rows for table in parts), span, is_emptied)


def _months(table: BatchTable) -> Sequence[date]:
    """The first and last month that a table says that it covers; none where it covers no months."""
    if table.coverage:
        return table.coverage.month_from, table.coverage.month_to
    return table.ledger.covered if table.ledger else ()
