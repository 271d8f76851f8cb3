"""The months of the database, the default period, and those that a municipality follows up in."""

from dataclasses import dataclass
from datetime import date

import duckdb

from analytics.metrics.scope import Scope, add_months
from analytics.metrics.served import read_once

FOLLOW_UPS = {  # the first and last month of each; the first third of the year is the first interim report's too
    "full_year": (1, 12),
    "third_3": (9, 12),
    "interim_august": (1, 8),
    "third_2": (5, 8),
    "third_1": (1, 4),
}


@dataclass(frozen=True)
class FollowUp:
    """A period that a municipality follows up in: its code, one of `FOLLOW_UPS`, and its months, both included."""

    code: str
    month_from: date
    month_to: date


@dataclass(frozen=True)
class Period:
    """The first and last month of the data, the earliest and latest that cases are reported for, and the day of the data.

    Where no cases are reported, those are the first and last. `protected`: counts of 1–4 cases are left out.
    """

    first: date
    last: date
    earliest: date
    latest: date
    as_of: date
    protected: bool = False

    def default(self, last: date | None = None) -> tuple[date, date]:
        """The twelve months up to the latest reported one, or to the `last` that is wanted; or as many as are reported.

        What else is known, such as costs, moves it only where nothing is reported by then.
        """
        last = last or self.latest
        return max(self.earliest if self.earliest <= last else self.first, add_months(last, -11)), last

    def follow_ups(self, years: int = 2) -> list[FollowUp]:
        """The follow-ups of the latest calendar years whose months cases are reported for, first to last; newest year first."""
        every = [
            FollowUp(code, date(year, first, 1), date(year, last, 1))
            for year in range(self.latest.year, self.earliest.year - 1, -1)
            for code, (first, last) in FOLLOW_UPS.items()
        ]
        whole = [one for one in every if self.earliest <= one.month_from and one.month_to <= self.latest]
        newest = sorted({one.month_to.year for one in whole})[-years:]
        return [one for one in whole if one.month_to.year in newest]

    def scope(self) -> Scope:
        """The whole organisation over the default period."""
        month_from, month_to = self.default()
        return Scope(month_from, month_to)


@read_once
def period(cursor: duckdb.DuckDBPyConnection) -> Period:
    """The months of this database. There is always at least one: that of the latest import."""
    row = cursor.execute(
        "SELECT min(month), max(month), coalesce(min(month) FILTER (has_flow), min(month)),"
        " coalesce(max(month) FILTER (has_flow), max(month)), max(as_of), (SELECT protected FROM info) FROM months"
    ).fetchone()
    assert row is not None  # an aggregate always answers
    return Period(*row)


def as_of(cursor: duckdb.DuckDBPyConnection, month: date) -> date:
    """The day a stock in this month is measured: its last, or the day of the latest import when that comes first."""
    return _measured_on(cursor).get(month, month)


@read_once
def _measured_on(cursor: duckdb.DuckDBPyConnection) -> dict[date, date]:
    return dict(cursor.execute("SELECT month, as_of FROM months").fetchall())
