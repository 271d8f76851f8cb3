"""From which day on each e-service must be asked for, so that nothing is asked for twice without need and nothing missed.

The database itself tells what was fetched: its `covers` say which months of an e-service are complete. So a batch that
is undone is fetched again, and an e-service that is new is fetched from the beginning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from duckdb import DuckDBPyConnection

from data.coverage import month_of

OVERLAP = timedelta(days=14)  # asked for again each time: what was registered late, or while we were reading
DRAFT_TIME = timedelta(
    days=92
)  # the platform's dates are those of the draft, which may lie this long before it is sent in
MONTHS_BACK = 24
CHANNEL = "e_service"
Span = tuple[date, date]


@dataclass(frozen=True)
class Windows:
    """What the database holds of an installation, and when it was last read.

    `covered` has the complete months of an e-service, `open` the first day of an e-service's cases that are not closed.
    """

    since: date
    today: date
    last: date | None = None
    covered: Mapping[str, frozenset[date]] = field(default_factory=dict)
    open: Mapping[str, date] = field(default_factory=dict)

    def first(self, e_service_id: str) -> date:
        """The first day whose cases are asked for."""
        complete = self.covered.get(e_service_id, frozenset())
        missing = next((m for m in self.months if m not in complete), month_of(self.today))
        seen = max(self.last - OVERLAP, self.since) if self.last else self.since
        return min(missing, seen, self.open.get(e_service_id, self.today))

    @property
    def finished(self) -> tuple[date, ...]:
        """The months that are over."""
        return tuple(months(self.since, month_of(self.today)))

    @property
    def months(self) -> tuple[date, ...]:
        """The months that should be complete: the unfinished one is not, unless there is no other."""
        return self.finished or (month_of(self.today),)

    def span(self, e_service_id: str) -> Span | None:
        """The first and the last month that are not complete; None when all are."""
        complete = self.covered.get(e_service_id, frozenset())
        missing = [m for m in self.months if m not in complete]
        return (missing[0], missing[-1]) if missing else None


def months_before(today: date, months: int = MONTHS_BACK) -> date:
    """The first day of the month so many months before."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 1)


def load_windows(
    connection: DuckDBPyConnection,
    known: bool,
    installation: str,
    table: str,
    since: date,
    today: date,
    last: date | None,
) -> Windows:
    """What the database that is attached as `known` holds of an installation in one table."""
    since = min(month_of(since), month_of(today))
    if not known:
        return Windows(since, today, last)
    covers = connection.execute(
        "SELECT e_service_id, month_from, month_to FROM known.covers"
        " WHERE dataset = ? AND channel = ? AND starts_with(e_service_id, ?)",
        [table, CHANNEL, f"{installation}-"],
    ).fetchall()
    covered: dict[str, set[date]] = {}
    for e_service_id, first, final in covers:
        covered.setdefault(e_service_id, set()).update((*months(first, final), final))
    waiting = connection.execute(
        "SELECT e_service_id, min(received_on) FROM known.cases WHERE closed_on IS NULL AND channel = ?"
        " AND starts_with(case_id, ?) AND starts_with(e_service_id, ?) GROUP BY ALL",
        [CHANNEL, f"{installation}-", f"{installation}-"],
    ).fetchall()
    complete = {one: frozenset(months) for one, months in covered.items()}
    return Windows(since, today, last, complete, dict(waiting))


def months(first: date, end: date) -> Iterator[date]:
    """The months from one until another, which is not included."""
    while first < end:
        yield first
        first = month_end(first) + timedelta(days=1)


def month_end(month: date) -> date:
    """The last day of a month."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
