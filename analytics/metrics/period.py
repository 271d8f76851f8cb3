"""The months of the database, and the default period."""

from dataclasses import dataclass
from datetime import date

import duckdb

from analytics.metrics.scope import Scope, add_months


@dataclass(frozen=True)
class Period:
    """The first and last month of the data, the latest that cases are reported for, and the day of the data.

    Where no cases are reported, the latest month is the last. `protected`: counts of 1–4 cases are left out.
    """

    first: date
    last: date
    latest: date
    as_of: date
    protected: bool = False

    def default(self) -> tuple[date, date]:
        """The twelve months up to the latest reported one, or as many as there are."""
        return max(self.first, add_months(self.latest, -11)), self.latest

    def scope(self) -> Scope:
        """The whole organisation over the default period."""
        month_from, month_to = self.default()
        return Scope(month_from, month_to)


def period(cursor: duckdb.DuckDBPyConnection) -> Period:
    """The months of this database. There is always at least one: that of the latest import."""
    row = cursor.execute(
        "SELECT min(month), max(month), coalesce(max(month) FILTER (has_flow), max(month)), max(as_of),"
        " (SELECT protected FROM info) FROM months"
    ).fetchone()
    assert row is not None  # an aggregate always answers
    return Period(*row)


def as_of(cursor: duckdb.DuckDBPyConnection, month: date) -> date:
    """The day a stock in this month is measured: its last, or the day of the latest import when that comes first."""
    row = cursor.execute("SELECT as_of FROM months WHERE month = ?", [month]).fetchone()
    return row[0] if row else month
