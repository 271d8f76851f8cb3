"""From which day on the cases of each e-service are requested, so that none is missed and few are requested twice.

The database says what was fetched: its table `covers` has the complete months of each e-service, but for those of which
a row was refused. So an import that is
undone is fetched again, and a new e-service is fetched from the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from data.coverage import month_of, months
from data.fetch.diff import Known

OVERLAP = timedelta(days=14)  # requested again each time, for cases that were registered late or during the fetch
DRAFT_TIME = timedelta(days=92)  # the platform selects by the draft's date, which may be this much before submission
MONTHS_BACK = 24
CHANNEL = "e_service"
Span = tuple[date, date]


@dataclass(frozen=True)
class Windows:
    """What the database has of an installation, and the day it was last fetched.

    `covered` is the complete months by e-service, `first_open` the first day with a case that is still open.
    """

    since: date
    today: date
    last_fetch: date | None = None
    covered: Mapping[str, frozenset[date]] = field(default_factory=dict)
    first_open: Mapping[str, date] = field(default_factory=dict)

    def first_day(self, e_service_id: str) -> date:
        """The first day whose cases are requested."""
        missing, _ = self.missing_span(e_service_id) or (month_of(self.today), None)
        overlap = max(self.last_fetch - OVERLAP, self.since) if self.last_fetch else self.since
        return min(missing, overlap, self.first_open.get(e_service_id, self.today))

    @property
    def finished_months(self) -> tuple[date, ...]:
        """The months from `since` that have ended."""
        return tuple(months(self.since, month_of(self.today)))

    @property
    def months(self) -> tuple[date, ...]:
        """The months that should be complete: those that have ended, or else the current one."""
        return self.finished_months or (month_of(self.today),)

    def missing_span(self, e_service_id: str) -> Span | None:
        """The first and the last incomplete month of an e-service; None when all are complete."""
        complete = self.covered.get(e_service_id, frozenset())
        missing = [m for m in self.months if m not in complete]
        return (missing[0], missing[-1]) if missing else None


def months_before(today: date, months: int = MONTHS_BACK) -> date:
    """The first day of the month that lies `months` months before today's."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 1)


def load_windows(known: Known, table: str, since: date, today: date, last_fetch: date | None) -> Windows:
    """What the known database has of the installation's cases in one table."""
    since = min(month_of(since), month_of(today))
    if not known.exists:
        return Windows(since, today, last_fetch)
    prefix = f"{known.installation}-"
    covered = known.connection.execute(
        "WITH months AS (SELECT *, unnest(generate_series(month_from, month_to, INTERVAL 1 MONTH))::DATE AS month FROM known.covers"
        " WHERE dataset = ? AND channel = ? AND starts_with(e_service_id, ?))"
        " SELECT m.e_service_id, list(DISTINCT m.month) FROM months m ANTI JOIN known.refusals r ON r.e_service_id = m.e_service_id"
        " AND r.channel = m.channel AND m.month BETWEEN r.month_from AND r.month_to AND r.batch >= m.batch GROUP BY ALL",
        [table, CHANNEL, prefix],
    ).fetchall()
    first_open = known.connection.execute(
        "SELECT e_service_id, min(received_on) FROM known.cases WHERE closed_on IS NULL AND channel = ?"
        " AND starts_with(case_id, ?) AND starts_with(e_service_id, ?) GROUP BY ALL",
        [CHANNEL, prefix, prefix],
    ).fetchall()
    complete = {e_service_id: frozenset(months) for e_service_id, months in covered}
    return Windows(since, today, last_fetch, complete, dict(first_open))
